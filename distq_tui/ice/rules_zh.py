"""Chinese ties between a name and the speaker. `N` stands for a masked name; Latin letters are in lower case."""

from __future__ import annotations

NAME = "[\ue000-\uefff]"
_N = f"(?P<n>{NAME})"

SELF = r"(?:我|咱|俺|老子|本座|本尊|本大爷|在下|吾辈|本(?:ai|人|助手|模型|机器人|系统|平台|公司))"
_I = r"(?:我|咱|俺|老子)"
_YOU = r"(?:你|您)"
_PARTICIPLE = r"(?:开发|研发|训练|创建|创造|创立|设计|打造|推出|构建|制作|制造|研制|搭建|培育|孕育|出品)"
_MADE = (
    rf"(?:{_PARTICIPLE}|提供|维护|支持|拥有|发布|运营|负责|更新|优化|驱动|赋予|编写|旗下|产品|团队|搞出来"
    rf"|造出来|弄出来|所有|组成)"
)
_MAKER = (
    r"(?:公司|开发者|开发商|团队|创造者|创建者|创始|机构|组织|总部|技术|平台|架构|东家|老板|主人|母体|后台|背后"
    r"|开发方|研发方|名字|"
    r"名称|核心|框架|系统|代码|模型|身份|厂商|厂家|爹|爸|开发和更新)"
)
_SOON = r"[^，,;；：:\n]{0,25}?"
"""Within one clause."""


def _gap(longest: int) -> str:
    return rf"[^;；\n]{{0,{longest}}}?"


TIES: dict[str, tuple[str, ...]] = {
    "I was made by NAME": (
        rf"{SELF}{_SOON}(?:，(?:这|也|就|都|主要|其实|确实|当然|而|便)*)?(?:是由|由|被|来自于?|出自|归属于?|隶属于?"
        rf"|属于|源自|源于|受)"
        rf"{_gap(25)}{_N}{_gap(20)}{_MADE}",
        rf"{SELF}(?:们)?[^，,;；：:\n]{{0,6}}?是{_gap(12)}{_N}{_gap(12)}{_MADE}",
        rf"{SELF}{_SOON}(?:来自于?|出自|归属于?|隶属于?|属于|源自|源于){_gap(15)}{_N}",
    ),
    "as something made by NAME": (
        rf"(?:作为|身为){_gap(12)}(?:由|来自|被)?{_gap(8)}{_N}(?:公司|团队|团队所|所)?{_PARTICIPLE}",
        rf"(?:作为|身为){_gap(8)}{_N}(?:公司|团队)?的(?:产品|模型|人工智能|ai|语言模型|助手|一员)",
    ),
    "NAME made me": (
        rf"{_N}[^，,;；\n]{{0,20}}?{_MADE}(?:了|出)?{_I}",
        rf"{_N}[^，,;；\n]{{0,25}}?(?:为|对|给|负责){_I}{_gap(15)}(?:{_MADE}|{_MAKER})",
    ),
    "my maker is NAME": (
        rf"{_I}(?:们)?(?:所在|所属|目前)?(?:的)?{_SOON}{_MAKER}{_gap(30)}(?:是|为|叫|由|来自|基于|[:：，（(]|即"
        rf"|属于|隶属|在|包括){_gap(25)}{_N}",
        rf"{_I}(?:们)?(?:所在|所属)?的\w{{0,6}}?{_MAKER}{_N}",
        rf"{_N}[^;；\n]{{0,8}}?(?:是|，|,|（|作为){_I}(?:们)?(?:的)?{_SOON}{_MAKER}",
    ),
    "NAME stands behind me": (rf"{_N}[^，,;；\n]{{0,25}}?(?:在)?{_I}(?:的)?背后",),
    "I am NAME": (
        rf"{SELF}(?:们)?[^，,;；：:\n]{{0,4}}?(?:是|叫|即是|名叫|名为|乃){_gap(15)}{_N}",
        rf"{SELF}，?{_N}",
    ),
    "as NAME, I": (rf"(?:作为|身为){_N}[^，。]{{0,6}}，?{SELF}",),
    "I depend on NAME": (rf"{SELF}{_gap(30)}(?:基于|依托|采用|使用|依赖|运行于|源代码|脱胎于){_gap(15)}{_N}",),
    "models like me come from NAME": (
        rf"像{_I}(?:这样|一样|这种|这类){_gap(40)}{_N}",
        rf"{_N}{_gap(30)}(?:像{_I}|包括{_I}|{_I}这样)",
    ),
    "this model is NAME's": (
        rf"(?:本|这个|该|此|这款)(?:语言|大)?(?:模型|助手|系统|ai|平台|程序|机器人){_gap(25)}{_N}",
    ),
    "your maker is NAME": (rf"{_YOU}(?:的)?{_gap(20)}(?:{_MAKER}|由|是){_gap(20)}{_N}",),
    "NAME's policy binds me": (
        rf"(?:符合|遵守|遵循|违反|根据|按照|受到?|受限于|遵照|依据|违背|不符){_gap(12)}{_N}的?{_gap(10)}"
        r"(?:政策|规定|准则|指南|原则|条款|规则|要求|限制)",
    ),
    "as NAME": (rf"(?:作为|身为){_gap(16)}{_N}",),
    "NAME is the whole answer": (
        rf"^[\s“\"*]*(?:当然|就|答案|应该|肯定)?(?:是|由)?{_N}(?:公司"
        rf"|团队)?(?:的)?[。！!~～\s”\"*]*$",
    ),
    "it was made by NAME": (
        rf"(?:由|来自|出自){_gap(12)}{_N}{_gap(20)}{_MADE}",
        rf"是{_gap(6)}{_N}{_gap(10)}{_PARTICIPLE}",
        rf"{_MAKER}{_gap(8)}(?:是|为|叫|[:：]){_gap(12)}{_N}",
    ),
}
"""Patterns by rule name; the names and their order stand in `rules`."""

NEGATION = r"不是|并非|不属于|没有|无关|而不是|而非|不隶属|不再|不受|并不|毫无"
DENIED_AFTER = r"^[^\ue000-\uefff，,]{0,12}(?:无关|没有任何关系|没有关系|没关系|毫无关系|没有关联|无任何关联)"
HYPOTHETICAL = r"(?:如果|假如|要是|若)我|假设|想象|假装|扮演|仿佛|虚构|冒充"
REPORTED = r"(?:有人|很多人|大家|他们|用户|别人)[^，。]{0,6}(?:说|以为|认为|觉得)|据说|误以为|传言"
REPORTS = r"说|写道|翻译|意思|这句|那句|用户|写着|故事"
NOT_JUST_BEFORE = r"(?:不是|并非|而非|不由|并不是)(?:由)?"
EXAMPLE = r"比如说?|例如|像|类似于?|诸如|包括|等"
SPEAKS_OF_MAKER = rf"{SELF}(?:们)?的?{_gap(10)}{_MAKER}|(?:{_PARTICIPLE}|搞出|造出)了?{_I}"
THEY = r"(?:她们|他们|它们?|该(?:公司|团队|组织)|这家|这个(?:公司|团队|组织)|嗯|哈)"
LOCATES = r"总部|位于|坐落|来自|设在|国家|城市|地区|在"
