import django.db.models.deletion
import shouwang.foundation.migration_operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        shouwang.foundation.migration_operations.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name='Unit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, verbose_name='单位名称')),
                        ('kind', models.CharField(choices=[('bureau', '乡村振兴局'), ('county_centre', '县防贫中心'), ('township_station', '乡镇工作站'), ('village', '村'), ('department', '部门')], max_length=20, verbose_name='单位类型')),
                        ('department', models.CharField(blank=True, help_text='只有部门填写', max_length=30, verbose_name='部门')),
                        ('region_code', models.CharField(max_length=12, verbose_name='区域')),
                        ('closed_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                    ],
                    options={
                        'verbose_name': '单位',
                        'indexes': [models.Index(fields=['kind', 'region_code'], name='organisatio_kind_552971_idx'), models.Index(fields=['region_code', 'name'], name='organisatio_region__c66e87_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('region_code', 'name'), name='unit_name_once_per_region', violation_error_message='这个区域已有同名单位'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'department'), models.Q(('department', ''), _negated=True)), models.Q(models.Q(('kind', 'department'), _negated=True), ('department', '')), _connector='OR'), name='unit_department_has_a_code', violation_error_message='部门须选择是哪个部门；其他单位不选')],
                    },
                ),
                migrations.CreateModel(
                    name='StaffMember',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, verbose_name='姓名')),
                        ('sex', models.CharField(blank=True, choices=[('男', '男'), ('女', '女')], max_length=1, verbose_name='性别')),
                        ('secrets', models.BinaryField(null=True, verbose_name='密存字段')),
                        ('phone_index', models.CharField(blank=True, editable=False, max_length=64, verbose_name='电话盲索引')),
                    ],
                    options={
                        'verbose_name': '工作人员',
                        'indexes': [models.Index(fields=['name'], name='organisatio_name_53bc4c_idx'), models.Index(fields=['phone_index'], name='organisatio_phone_i_0464c1_idx')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Post',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='organisation.unit', verbose_name='单位')),
                        ('kind', models.CharField(choices=[('grid_worker', '网格员'), ('monitoring_contact', '监测联系人'), ('village_team', '驻村工作队员'), ('village_officer', '村干部'), ('station_officer', '工作站工作人员'), ('centre_officer', '防贫中心工作人员'), ('liaison', '部门联络员'), ('leader', '负责人'), ('other', '其他')], max_length=20, verbose_name='岗位类型')),
                        ('title', models.CharField(max_length=40, verbose_name='岗位')),
                        ('responsibility', models.CharField(blank=True, max_length=200, verbose_name='职责')),
                        ('closed_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                    ],
                    options={
                        'verbose_name': '岗位',
                        'indexes': [models.Index(fields=['kind', 'unit'], name='organisatio_kind_3905dd_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('unit', 'title'), name='post_title_once_per_unit', violation_error_message='这个单位已有同名岗位')],
                    },
                ),
                migrations.CreateModel(
                    name='Account',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('login', models.CharField(max_length=40, unique=True, verbose_name='登录名')),
                        ('name', models.CharField(max_length=40, verbose_name='姓名')),
                        ('role', models.CharField(choices=[('county_officer', '县级数据员'), ('township_clerk', '乡镇工作人员'), ('grid_worker', '村级网格员'), ('resident_cadre', '驻村干部'), ('department_liaison', '部门联络员'), ('county_leader', '县级分管领导'), ('city_officer', '市级数据员'), ('supervisor', '督导人员'), ('province_analyst', '省级统计人员'), ('administrator', '管理员')], max_length=40, verbose_name='角色')),
                        ('region_code', models.CharField(blank=True, max_length=12, verbose_name='管辖区域')),
                        ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='organisation.unit', verbose_name='所在单位')),
                        ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='organisation.staffmember', verbose_name='工作人员')),
                        ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                        ('must_change_password', models.BooleanField(default=False, verbose_name='须改密码')),
                        ('session_mark', models.PositiveIntegerField(default=0, editable=False, verbose_name='会话编号')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                    ],
                    options={
                        'verbose_name': '账号',
                        'indexes': [models.Index(fields=['region_code', 'login'], name='organisatio_region__c84f38_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('staff',), name='account_one_per_person', violation_error_message='这名工作人员已有在用的账号，一人只能有一个')],
                    },
                ),
                migrations.CreateModel(
                    name='Appointment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='organisation.post', verbose_name='岗位')),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='organisation.staffmember', verbose_name='工作人员')),
                        ('from_on', models.DateField(verbose_name='任职日期')),
                        ('until_on', models.DateField(blank=True, null=True, verbose_name='离任日期')),
                    ],
                    options={
                        'verbose_name': '任职',
                        'indexes': [models.Index(fields=['post', 'from_on'], name='organisatio_post_id_b889cc_idx'), models.Index(fields=['staff', 'from_on'], name='organisatio_staff_i_2655c3_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('until_on__isnull', True)), fields=('post', 'staff'), name='appointment_once_at_a_time', violation_error_message='这名工作人员已在这个岗位上'), models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gt', models.F('from_on')), _connector='OR'), name='appointment_term_in_order', violation_error_message='离任日期必须晚于任职日期')],
                    },
                ),
                migrations.CreateModel(
                    name='AuditEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('by', models.ForeignKey(help_text='空：命令行', null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
                        ('by_name', models.CharField(max_length=80, verbose_name='操作人姓名')),
                        ('action', models.CharField(max_length=60, verbose_name='动作')),
                        ('region_code', models.CharField(blank=True, max_length=12, verbose_name='区域')),
                        ('target', models.CharField(blank=True, max_length=120, verbose_name='对象')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='事由')),
                        ('detail', models.JSONField(default=dict, verbose_name='详情')),
                        ('previous_hash', models.CharField(max_length=64)),
                        ('hash', models.CharField(max_length=64, unique=True)),
                    ],
                    options={
                        'verbose_name': '操作日志',
                        'indexes': [models.Index(fields=['region_code', '-at'], name='organisatio_region__3b5e44_idx'), models.Index(fields=['target'], name='organisatio_target_67e27e_idx'), models.Index(fields=['at'], name='audit_by_time'), models.Index(fields=['by', '-id'], name='audit_of_account'), models.Index(fields=['action', '-id'], name='audit_of_action')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                        ('token_hash', models.CharField(editable=False, max_length=64, unique=True, verbose_name='链接指纹')),
                        ('created_by', models.ForeignKey(help_text='空：命令行', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发出人')),
                        ('created_at', models.DateTimeField(verbose_name='发出时间')),
                        ('expires_at', models.DateTimeField(verbose_name='有效至')),
                        ('used_at', models.DateTimeField(null=True, verbose_name='使用时间')),
                        ('revoked_at', models.DateTimeField(null=True, verbose_name='作废时间')),
                    ],
                    options={
                        'verbose_name': '邀请',
                        'indexes': [models.Index(fields=['account', '-id'], name='organisatio_account_6d4e73_idx')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='invitation_period_in_order', violation_error_message='邀请的截止时间必须晚于发出时间'), models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='invitation_used_or_revoked', violation_error_message='邀请不能既已使用又已作废')],
                    },
                ),
                migrations.CreateModel(
                    name='SecondFactor',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='second_factor', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                        ('secret', models.BinaryField(verbose_name='密钥')),
                        ('created_at', models.DateTimeField(verbose_name='设置时间')),
                        ('confirmed_at', models.DateTimeField(null=True, verbose_name='启用时间')),
                        ('last_step', models.BigIntegerField(default=0, verbose_name='最近验证码序号')),
                        ('failed_count', models.PositiveIntegerField(default=0, verbose_name='连续输错次数')),
                        ('locked_until', models.DateTimeField(null=True, verbose_name='锁定至')),
                    ],
                    options={
                        'verbose_name': '二次验证',
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='RecoveryCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                        ('code_hash', models.CharField(editable=False, max_length=64, verbose_name='恢复码指纹')),
                        ('used_at', models.DateTimeField(null=True, verbose_name='使用时间')),
                    ],
                    options={
                        'verbose_name': '恢复码',
                        'constraints': [models.UniqueConstraint(fields=('account', 'code_hash'), name='recovery_code_once')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
