#include "bureau/codes.h"

#include <algorithm>
#include <iterator>

namespace beian::bureau {
namespace {

constexpr CodeInfo k_codes[] = {
    {0, Group::success, "", "操作成功"},
    {1, Group::success, "", "操作成功，已下载完毕"},
    {2, Group::success, "", "没有可下载的数据"},
    {3, Group::success, "", "还有数据，请继续下载"},
    {4, Group::account, "", "用户名错误"},
    {5, Group::account, "", "密码错误"},
    {6, Group::our_fault, "", "解密失败"},
    {7, Group::our_fault, "", "哈希值验证未通过"},
    {8, Group::our_fault, "", "解压缩失败"},
    {9, Group::our_fault, "", "加密算法类型错误"},
    {10, Group::our_fault, "", "Hash算法类型错误"},
    {11, Group::our_fault, "", "压缩格式错误"},
    {12, Group::account, "", "认证信息错误"},
    {13, Group::account, "", "非本省ISP"},
    {14, Group::out_of_step, "", "未受理，请先上载漏报的数据"},
    {15, Group::retry_later, "", "未受理，待处理文件已达上限"},
    {16, Group::our_fault, "", "随机数小于20个字符"},
    {17, Group::our_fault, "", "每次必须上报1个文件"},
    {18, Group::our_fault, "", "数据文件超过50MB"},
    {19, Group::account, "", "报备权限未开放"},
    {20, Group::retry_later, "", "不在报备时间内，报备时间为："},
    {21, Group::our_fault, "", "文件名称不能为空"},
    {22, Group::retry_later, "", "备案密码校验次数超限"},
    {901, Group::retry_later, "", "系统维护中，报备未受理"},
    {902, Group::retry_later, "", "系统维护中，下载未受理"},
    {999, Group::other, "", "其他错误"},
    {1001, Group::success, "", "管局审核通过"},
    {1002, Group::applicant, "", "管局审核拒绝"},
    {1003, Group::applicant, "organiser.certificate_number", "网站主办者冲突"},
    {1004, Group::applicant, "sites.*.domain", "无效域名"},
    {1005, Group::applicant, "sites.*.domain", "域名冲突，备案信息库中已存在"},
    {1006, Group::applicant, "sites.*.access", "无效IP"},
    {1007, Group::applicant, "principal.mobile", "无效联系方式"},
    {1008, Group::applicant, "organiser.certificate_number", "无效证件"},
    {1009, Group::applicant, "principal.email", "无效邮箱"},
    {1010, Group::applicant, "principal.office_phone", "无效办公电话"},
    {1011, Group::applicant, "principal.mobile", "无效手机号码"},
    {1012, Group::our_fault, "", "无效MSN"},
    {1013, Group::our_fault, "", "无效QQ"},
    {1014, Group::applicant, "organiser.nature", "无效主办单位性质"},
    {1015, Group::applicant, "principal.certificate_number", "无效身份证号码"},
    {1016, Group::out_of_step, "", "数据在备案信息库中不存在"},
    {1017, Group::retry_later, "", "备案变更中"},
    {1018, Group::applicant, "", "ICP备案密码错误"},
    {1019, Group::applicant, "organiser.county", "省市县代码错误"},
    {1020, Group::applicant, "sites.*.name", "网站名称冲突"},
    {1021, Group::applicant, "sites.*.home_url", "网站首页地址冲突"},
    {1022, Group::applicant, "sites.*.home_url", "网站首页地址格式错误"},
    {1023, Group::out_of_step, "", "IP数据在备案信息库中不存在"},
    {1024, Group::applicant, "sites.*.access", "IP地址冲突"},
    {1025, Group::out_of_step, "", "唯一的接入不能取消"},
    {1026, Group::our_fault, "", "注销理由代码错误"},
    {1027, Group::out_of_step, "", "注销主体重复"},
    {1028, Group::our_fault, "", "ICP用户名错误"},
    {1029, Group::our_fault, "sites.*.access", "同一网站的接入相同"},
    {1030, Group::out_of_step, "", "注销网站重复"},
    {1031, Group::applicant, "sites.*.manager.office_phone", "网站负责人办公电话不能为空"},
    {1032, Group::out_of_step, "", "取消接入重复"},
    {1033, Group::applicant, "sites.*.approvals", "无效的前置或专项审批内容类型"},
    {1034, Group::applicant, "sites.*.services", "无效网站服务内容"},
    {1035, Group::our_fault, "sites.*.access", "无效网站接入方式"},
    {1036, Group::our_fault, "sites.*.access", "无效服务器放置地点"},
    {1037, Group::out_of_step, "", "该网站已经报备"},
    {1038, Group::out_of_step, "", "该接入已经报备"},
    {1039, Group::applicant, "sites.*.domain", "网站域名已经报备"},
    {1040, Group::out_of_step, "", "IP信息已经报备"},
    {1041, Group::applicant, "sites.*.home_url", "网站首页URL须包含其中一个域名"},
    {1042, Group::out_of_step, "", "主体正在注销中"},
    {1043, Group::out_of_step, "", "网站正在注销中"},
    {1044, Group::applicant, "principal.name", "主体负责人姓名不能为空"},
    {1045, Group::our_fault, "organiser.province", "只能到所在省管局报备"},
    {1046, Group::applicant, "organiser.province", "不能改变主体所在省"},
    {1047, Group::out_of_step, "", "只能取消本接入商的接入"},
    {1048, Group::out_of_step, "", "不是您接入的备案"},
    {1049, Group::out_of_step, "", "主体已注销"},
    {1050, Group::out_of_step, "", "网站已注销"},
    {1051, Group::retry_later, "", "同一主体变更申请超过最大数"},
    {1052, Group::retry_later, "", "请求正在受理"},
    {1053, Group::out_of_step, "", "请求的单位已被删除"},
    {1054, Group::account, "", "报备单位无效"},
    {1055, Group::our_fault, "materials", "核验单不属于该备案"},
    {1056, Group::our_fault, "materials", "附件格式类型代码错误"},
    {1057, Group::our_fault, "materials", "附件用途类型代码错误"},
    {1058, Group::out_of_step, "", "主体信息不存在"},
    {1059, Group::out_of_step, "", "网站信息不存在"},
    {1060, Group::success, "", "核验单信息成功入库"},
    {1061, Group::our_fault, "materials", "核验单用途类型与报备标识不匹配"},
    {1062, Group::success, "", "接入信息比对IP库成功"},
    {1063, Group::out_of_step, "sites.*.access", "IP地址与本单位IP备案不一致"},
    {1064, Group::applicant, "sites.*.domain", "网站域名在黑名单中"},
    {1065, Group::applicant, "organiser.certificate_number", "主体在黑名单中"},
    {1066, Group::applicant, "sites.*.languages", "网站语言类别错误"},
    {1067, Group::out_of_step, "", "网站备案号对应多个网站"},
    {1068, Group::out_of_step, "", "网站备案号对应多个缩略信息"},
    {1999, Group::other, "", "其他错误"},
    {5001, Group::our_fault, "", "数据文件不符合接口XSD规范"},
    {5002, Group::our_fault, "", "该属性不存在"},
    {5003, Group::our_fault, "", "请求单位与报备单位不一致"},
    {5004, Group::our_fault, "", "接口版本错误"},
    {5005, Group::out_of_step, "", "网站不属于该企业"},
    {5006, Group::out_of_step, "", "处理结果已上报"},
    {5007, Group::our_fault, "", "处理结果代码错误"},
    {5008, Group::our_fault, "", "上报信息中存在非法字符"},
    {5009, Group::account, "", "无此业务权限"},
    {5010, Group::our_fault, "materials", "附件格式不符合规范"},
    {5011, Group::account, "", "该功能未开放"},
    {5999, Group::other, "", "其他错误"},
};

std::string_view name_of(Group group) {
  switch (group) {
    case Group::success:
      return "bureau_success";
    case Group::retry_later:
      return "bureau_retry_later";
    case Group::applicant:
      return "bureau_applicant";
    case Group::our_fault:
      return "bureau_our_fault";
    case Group::account:
      return "bureau_account";
    case Group::out_of_step:
      return "bureau_out_of_step";
    case Group::other:
      break;
  }
  return "bureau_other";
}

}  // namespace

const CodeInfo* find_code(std::int64_t code) {
  const auto* found = std::lower_bound(
      std::begin(k_codes), std::end(k_codes), code,
      [](const CodeInfo& entry, std::int64_t wanted) { return entry.code < wanted; });
  return found != std::end(k_codes) && found->code == code ? found : nullptr;
}

Group group_of(std::int64_t code) {
  const CodeInfo* info = find_code(code);
  return info == nullptr ? Group::other : info->group;
}

std::string text_of_code(std::int64_t code) {
  const CodeInfo* info = find_code(code);
  return info == nullptr ? std::string() : std::string(info->text);
}

Problem problem_of(const ResultCode& result) {
  const CodeInfo* info = find_code(result.code);
  const Group group = info == nullptr ? Group::other : info->group;
  Problem problem;
  problem.field = info == nullptr ? "" : std::string(info->field);
  problem.code = group == Group::applicant ? "bureau_" + std::to_string(result.code)
                                           : std::string(name_of(group));
  problem.params = {{"code", std::to_string(result.code)},
                    {"text", result.text.empty() ? text_of_code(result.code) : result.text}};
  return problem;
}

}  // namespace beian::bureau
