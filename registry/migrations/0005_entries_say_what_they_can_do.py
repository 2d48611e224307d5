from django.db import migrations, models

from marketplace.core.postgres.creation import Creation


class Migration(Creation):

    dependencies = [
        ('registry', '0004_advisories_of_cases'),
    ]

    operations = [
        migrations.AddField(
            model_name='importentry',
            name='capabilities',
            field=models.JSONField(default=list),
        ),
    ]
