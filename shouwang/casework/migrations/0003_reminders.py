import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0002_city_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Supervision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=12, verbose_name="被督办的单位")),
                ("asked_by_region", models.CharField(max_length=12, verbose_name="督办单位")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="文号")),
                ("phone", models.CharField(max_length=40, verbose_name="联系电话")),
                ("asked_on", models.DateField(verbose_name="督办日")),
                ("reply_by", models.DateField(verbose_name="反馈期限")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                ("answer", models.TextField(blank=True, verbose_name="反馈")),
                ("answered_on", models.DateField(null=True, verbose_name="反馈日")),
                ("closed_on", models.DateField(null=True, verbose_name="办结日")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="反馈人",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="督办人",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办结人",
                    ),
                ),
            ],
            options={"verbose_name": "督办"},
        ),
        migrations.CreateModel(
            name="SupervisedTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supervised",
                        to="casework.task",
                        verbose_name="待办",
                    ),
                ),
                (
                    "supervision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="casework.supervision",
                        verbose_name="督办",
                    ),
                ),
            ],
            options={"verbose_name": "督办事项"},
        ),
        migrations.CreateModel(
            name="ReminderSeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rung", models.CharField(max_length=10, verbose_name="提醒")),
                ("at", models.DateTimeField(verbose_name="知悉时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="知悉人",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen",
                        to="casework.task",
                        verbose_name="待办",
                    ),
                ),
            ],
            options={
                "verbose_name": "提醒知悉",
                "constraints": [
                    models.UniqueConstraint(fields=("task", "rung", "by"), name="reminder_seen_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="supervision",
            index=models.Index(fields=["region_code", "-asked_on"], name="supervision_list"),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on", None)),
                fields=("region_code", "asked_by_region"),
                name="one_open_supervision_per_unit",
                violation_error_message="对这个单位的督办还没有办结",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_on", None)),
                    models.Q(("answered_on__isnull", False), models.Q(("answer", ""), _negated=True)),
                    _connector="OR",
                ),
                name="supervision_answer_has_a_day",
                violation_error_message="反馈须有内容和日期",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisedtask",
            constraint=models.UniqueConstraint(fields=("supervision", "task"), name="task_supervised_once"),
        ),
    ]
