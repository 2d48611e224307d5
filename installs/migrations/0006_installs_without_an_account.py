from django.db import migrations, models

from marketplace.core.postgres.creation import Creation


class Migration(Creation):

    dependencies = [
        ('installs', '0005_usage'),
    ]

    operations = [
        migrations.AddField(
            model_name='usageday',
            name='anonymous',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
