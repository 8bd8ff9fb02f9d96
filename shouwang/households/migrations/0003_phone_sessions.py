"""A phone's own signing in, and which event a step that was sent became."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("households", "0002_returns_listings_archive"),
    ]

    operations = [
        migrations.AddField(
            "device",
            "session_hash",
            models.CharField("手机登录指纹", max_length=64, blank=True, editable=False, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "device",
            "session_mark",
            models.CharField("登录时账号的标记", max_length=64, blank=True, editable=False, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "sentrecord",
            "event",
            models.ForeignKey(
                to="casework.event",
                on_delete=django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
                verbose_name="办理记录",
                db_index=False,
            ),
        ),
        migrations.AlterField(
            "stepphoto",
            "kind",
            models.CharField(
                "种类",
                max_length=10,
                choices=[("notice", "公示照片"), ("signature", "签字照片"), ("site", "现场照片")],
            ),
        ),
    ]
