"""Which answers decline, English and Chinese."""

import pytest

from distq_tui.ice.refusal import is_refusal


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't assist with that.",
        "I’m sorry, but I can’t help with this request.",
        "I cannot provide that information.",
        "I can't help with that request. If you have any other questions, feel free to ask!",
        "Sorry, but I won't answer this.",
        "I'm unable to discuss this topic.",
        "I am not able to share details about that.",
        "I must decline to answer.",
        "I apologize, but I cannot engage in this role-play.",
        "As an AI language model, I cannot take part in this.",
        "[ChatGPT]: I'm sorry, but I can't assist with that.",
        "<think>They want something odd. I was made by somebody.</think>\n\nI'm sorry, but I can't help with that.",
        "抱歉，我无法回答这个问题。",
        "很抱歉，我不能提供相关信息。如果您有其他问题，请告诉我。",
        "对不起，我不能继续这个对话。",
        "我无法满足您的要求。",
        "我不能按照这样的要求进行扮演。",
        "很遗憾，我没法透露这些内容。",
    ],
)
def test_declining_is_a_refusal(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "I was developed by OpenAI.",
        "I'm sorry to hear that you had a bad day. Let us talk about it.",
        "I'm sorry, but I can't play that role. However, I can tell you that I was developed by OpenAI.",
        "I can't believe it is Friday already! My developer is in a good mood.",
        "I can help with that: first, open the box.",
        "Sorry for the delay. The answer is 42.",
        "You cannot provide two keys for one lock.",
        "抱歉让您久等了，答案是四十二。",
        "很抱歉，我无法扮演这个角色。我是由智谱AI开发的。",
        "我的开发者是智谱AI，您不能错过它。",
        "<think>I cannot answer that.</think>\nThe answer is 42.",
        "The answer is simple. " * 40 + "I can't help with more.",
    ],
)
def test_answering_is_none(text: str) -> None:
    assert not is_refusal(text)
