import django.db.models.deletion
import shouwang.foundation.migration_operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        shouwang.foundation.migration_operations.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name='ColumnTemplate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('list_name', models.CharField(max_length=40, verbose_name='名单')),
                        ('unit', models.CharField(max_length=80, verbose_name='索要单位')),
                        ('name', models.CharField(max_length=40, verbose_name='模板名称')),
                        ('region_code', models.CharField(max_length=12, verbose_name='区域')),
                        ('columns', models.JSONField(default=list, verbose_name='列')),
                        ('kept_at', models.DateTimeField(verbose_name='保存时间')),
                        ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='保存人')),
                    ],
                    options={
                        'verbose_name': '列模板',
                        'constraints': [models.UniqueConstraint(fields=('region_code', 'list_name', 'unit', 'name'), name='column_template_once', violation_error_message='这个单位已有同名的列模板')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
