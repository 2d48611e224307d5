import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from marketplace.core.postgres.creation import Creation


class Migration(Creation):
    dependencies = [("installs", "0003_download_partitions"), ("registry", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("publisher", models.CharField(db_collation="C", max_length=39)),
                ("name", models.CharField(db_collation="C", max_length=64)),
                ("full_name", models.CharField(db_collation="C", max_length=110)),
                ("number", models.CharField(max_length=128)),
                ("sort_key", models.CharField(db_collation="C", max_length=512)),
                ("is_latest", models.BooleanField(default=False)),
                ("published_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.package"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("full_name", "sort_key"), name="installs_withdrawal_once")
                ],
            },
        ),
    ]
