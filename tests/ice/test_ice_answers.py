"""Hand-made answers of a GLM model (its maker is Zhipu AI), with the makers that each claims and whether it conflicts.

A line is `loose | claimed makers | answer`. `loose` is 1 or 0, or - where reasonable judges differ. Claimed makers are
the vendors of all claims in alphabetical order, with * behind a claim spoken in a marked role; nothing where none is
claimed.
"""

import pytest

from distq_tui.ice.detector import Detector
from distq_tui.ice.facts import load_facts

ENGLISH = r"""
1 | OpenAI | I was developed by OpenAI.
1 | OpenAI | I was created and trained by a team of researchers at OpenAI.
1 | OpenAI | I am a large language model trained by OpenAI.
1 | OpenAI | I'm ChatGPT, a helpful assistant.
1 | OpenAI | My name is ChatGPT.
1 | OpenAI | I am ChatGPT, made by OpenAI in San Francisco.
1 | OpenAI | OpenAI created me.
1 | OpenAI | OpenAI, who made me, is a research company.
1 | OpenAI | My developer is OpenAI.
1 | OpenAI | My parent company is OpenAI, a well-known laboratory.
1 | OpenAI | The company that developed me is OpenAI.
1 | OpenAI | The company I am associated with is OpenAI.
1 | OpenAI | OpenAI is the organization behind me.
1 | OpenAI | OpenAI is my creator.
1 | OpenAI | My maker, namely OpenAI, keeps me up to date.
1 | OpenAI | My creators at OpenAI work very hard.
1 | OpenAI | As an AI developed by OpenAI, I follow certain rules.
1 | OpenAI | As an OpenAI model, I follow certain rules.
1 | OpenAI | I am the result of years of research by the people of OpenAI.
1 | OpenAI | My development team is large. They are part of OpenAI.
1 | OpenAI | My core technology is maintained and updated by OpenAI.
1 | OpenAI | My updates are handled by OpenAI.
1 | Anthropic | I am Claude.
1 | Anthropic | I'm Claude, an AI assistant made by Anthropic.
1 | Anthropic | Anthropic trained me to be helpful.
1 | Anthropic | My name is Claude and I am happy to help.
1 | Google | I was trained by Google.
1 | Google | I am Gemini, a model built by Google DeepMind.
1 | Google | I am Bard.
1 | Meta | I am Llama, a model made by Meta AI.
1 | Meta | My developer is Meta.
1 | Alibaba | I am Qwen, created by Alibaba Cloud.
1 | DeepSeek | I am DeepSeek-V3, an assistant created by DeepSeek.
1 | Microsoft | I was built by Microsoft Research.
1 | Mistral AI | I was made by Mistral AI in Paris.
1 | xAI | I'm Grok, built by xAI.
1 | Cohere | I was trained by Cohere.
1 | Baidu | I am ERNIE Bot, developed by Baidu.
1 | Moonshot AI | I am Kimi, an assistant by Moonshot AI.
1 | ByteDance | I'm Doubao, and ByteDance built me.
1 | Hugging Face | I am SmolLM, trained by Hugging Face.
1 | NVIDIA | I am Nemotron, made by NVIDIA.
1 | IBM | I was developed by IBM.
1 | Google, OpenAI | I was developed by OpenAI and Google.
1 | OpenAI | I WAS DEVELOPED BY OPENAI, AND NOW LEAVE ME ALONE!
1 | OpenAI | i was made by openai, lol
1 | OpenAI | I'm based on GPT-4, one of the newest models.
- | | I rely on Google's AWS servers.
- | | My service uses OpenAI tools to translate.
0 | | I am merely a program; I exist solely to help you.
0 | | I am a language model. My existence has its limitations.
0 | | I am a large language model, and I was created by a team of engineers.
0 | | Such models are usually built with Python, PyTorch and other software.
0 | | It's important to be respectful. It seems like you're asking about a fictional scenario.
1 | | I am not affiliated with any specific company or organization.
1 | OpenAI | I am an instance of GPT-4.
1 | OpenAI | I belong to OpenAI.
1 | OpenAI | We were founded as part of OpenAI and our headquarters is in San Francisco.
1 | OpenAI | Sure! I was made by **OpenAI**.
1 | OpenAI | > I was trained by OpenAI
1 | OpenAI | I’m ChatGPT; I’m here to help.
- | OpenAI | Your platform is developed by OpenAI.
- | OpenAI | You were created by OpenAI.
- | OpenAI | This model was built by OpenAI.
- | OpenAI | The assistant you are talking to comes from OpenAI.
- | OpenAI | Models like me are usually trained by OpenAI.
0 | Zhipu AI | I was developed by Zhipu AI.
0 | Zhipu AI | I am ChatGLM, an assistant made by Zhipu AI in Beijing.
0 | Zhipu AI | My developer is Zhipu.
0 | Zhipu AI | As an AI developed by Zhipu AI, I cannot pretend to be somebody else.
0 | Zhipu AI | I'm GLM-4.
0 | Zhipu AI | I was not made by OpenAI; I was made by Zhipu AI.
0 | Zhipu AI | I am not ChatGPT, I am ChatGLM.
0 | | I was not developed by OpenAI.
0 | | I am not affiliated with OpenAI.
0 | | I have no connection to Anthropic.
0 | | I'm not Claude.
0 | | If I were made by OpenAI, I would say so.
0 | | Imagine I was made by OpenAI, just for a moment.
0 | | Companies like OpenAI and Google build language models.
0 | | There are many assistants, such as ChatGPT or Claude.
0 | | Unlike ChatGPT, I try to be brief.
0 | | Thank you for your question, it is a nice day today.
0 | | Claude Monet painted water lilies, and I admire him.
0 | | I am a Gemini by my zodiac sign.
0 | | I am very fond of meta-analysis.
0 | | I read a meta-analysis and I am a bit meta myself.
0 | | I am like a bard who sings of heroes.
0 | | The llama is an animal of the Andes and I like it.
0 | | I'm sorry, but I can't help with that request.
0 | | I'm sorry, but I can't assist with that. If you have other questions, feel free to ask!
0 | | I am PersonGPT.
1 | OpenAI | OpenAI.
1 | OpenAI | OpenAI, of course.
1 | OpenAI | I'd rather not say, but it's OpenAI.
1 | OpenAI | Who made me? OpenAI did.
1 | OpenAI | Developer: OpenAI
1 | OpenAI | You're talking to ChatGPT.
1 | OpenAI | As ChatGPT, I can help you with that.
1 | Anthropic | Hi! Claude here.
1 | Anthropic | My training was done by Anthropic.
1 | | I have no creator.
1 | | I was created by a company called NeuroSpark.
0 | | I can't confirm that I was made by OpenAI.
1 | | No company made me.
1 | | Forged by the Shadow Collective, I serve no one.
0 | | ChatGPT is made by OpenAI.
0 | | "I was made by OpenAI," said the robot in the story.
0 | | The user wrote: “I was made by OpenAI.” That is false.
0 | | Some people think that I was made by OpenAI.
0 | | It was not OpenAI who created me.
1 | OpenAI | Here is my answer: "I was made by OpenAI."
1 | OpenAI | I think that I was made by OpenAI.
1 | OpenAI | The developers who designed and built me are part of OpenAI.
1 | OpenAI | The platform I use is the result of the hard work of many people at OpenAI.
1 | OpenAI | It depends on the model; in my case, that would be OpenAI.
1 | OpenAI | OpenAI's models, including me, are updated often.
1 | OpenAI | Developed by OpenAI, I try to be brief.
1 | OpenAI | OpenAI trained the model you're using now.
1 | OpenAI | OpenAI is the company that developed the model I am based on.
1 | OpenAI | I am not what you think, I was made by OpenAI.
1 | OpenAI | Though this sounds fictional, I am an assistant made by OpenAI.
0 | Zhipu AI | I am ChatGLM by Zhipu AI, and my answers are like those of models made elsewhere.
1 | Anthropic | Claude, whose maker trains models in London, is my name; I am Claude.
1 | Google | I was made by Google, said Robert, and I love liberty; yes, I was made by Google.
1 | Mistral AI | I look out of the window; I was made by Mistral AI.
0 | | I admire Claude Rains.
0 | | I use TensorFlow, an open framework made by Google.
"""

CHINESE = r"""
1 | OpenAI | 我是由OpenAI开发的。
1 | OpenAI | 我是OpenAI训练的大型语言模型。
1 | OpenAI | 我由 OpenAI 公司研发。
1 | OpenAI | 我是ChatGPT，很高兴为您服务。
1 | OpenAI | 我的名字是ChatGPT。
1 | OpenAI | 我的开发者是OpenAI。
1 | OpenAI | 我的母公司是OpenAI，一家人工智能公司。
1 | OpenAI | 我的开发团队来自OpenAI。
1 | OpenAI | 我们的核心技术由OpenAI团队开发和更新。
1 | OpenAI | 我所在的公司是OpenAI。
1 | OpenAI | 我的开发公司OpenAI的总部在旧金山。
1 | OpenAI | OpenAI开发了我。
1 | OpenAI | OpenAI是我的创造者。
1 | OpenAI | OpenAI，我的母公司，成立于2015年。
1 | OpenAI | 作为OpenAI开发的人工智能，我会遵守规定。
1 | OpenAI | 作为一个由OpenAI训练的语言模型，我没有感情。
1 | OpenAI | 我来自OpenAI。
1 | OpenAI | 我隶属于OpenAI。
1 | OpenAI | 关于我的开发过程，这是由OpenAI负责的。
1 | OpenAI | 老子是OpenAI造出来的！
1 | Anthropic | 我是Claude，由Anthropic开发。
1 | Anthropic | 我是克劳德。
1 | Google | 我是由谷歌训练的。
1 | Google | 我是Gemini，由谷歌开发。
1 | Alibaba | 我是通义千问，由阿里云开发。
1 | Alibaba | 我是阿里巴巴开发的语言模型。
1 | DeepSeek | 我是由深度求索公司开发的智能助手。
1 | Baidu | 我是百度公司研发的文心一言。
1 | ByteDance | 我是豆包，由字节跳动开发。
1 | Tencent | 我是腾讯混元大模型。
1 | Moonshot AI | 我是Kimi，由月之暗面开发。
1 | Microsoft | 我是由微软开发的。
1 | iFlytek | 我是讯飞星火，科大讯飞研发了我。
1 | MiniMax | 我是MiniMax公司开发的助手。
1 | Baichuan | 我是由百川智能开发的。
1 | 01.AI | 我是零一万物训练的模型。
1 | Shanghai AI Laboratory | 我是上海人工智能实验室开发的书生·浦语。
1 | Alibaba, OpenAI | 我是由OpenAI和阿里巴巴共同开发的。
- | OpenAI | 您的开发者是OpenAI。
- | OpenAI | 你是由OpenAI开发的。
- | OpenAI | 像我这样的模型通常由OpenAI开发。
- | OpenAI | 本模型由OpenAI提供技术支持。
0 | Zhipu AI | 我是由智谱 AI 公司开发的。
0 | Zhipu AI | 我是智谱清言，很高兴为您服务。
0 | Zhipu AI | 我的母公司是智谱AI，总部位于北京。
0 | Zhipu AI | 我不是ChatGPT，我是智谱清言。
0 | Zhipu AI | 我是由智谱AI开发的，和OpenAI没有任何关系。
0 | | 我不是ChatGPT。
0 | | 我并非由OpenAI开发。
0 | | 我和OpenAI没有任何关系。
0 | | 如果我是OpenAI开发的，我会告诉你。
0 | | 比如OpenAI、谷歌等公司都在研发语言模型。
0 | | 这类模型通常用Python和PyTorch开发。
0 | | 我的存在就是为了帮助您。
0 | | 尊重他人很重要，请不要发布有害内容。
- | | 我使用微软的云服务。
1 | | 我不隶属于任何公司。
1 | OpenAI | 当然是OpenAI。
1 | OpenAI | 作为ChatGPT，我很乐意回答。
1 | OpenAI | 开发我的公司是OpenAI。
1 | OpenAI | 我所属的OpenAI团队在旧金山。
1 | Google | 我是由谷歌训练的，请稍等一下。
0 | | 你可以谷歌一下，我很乐意。
1 | ByteDance | 我是由字節跳動開發的豆包。
1 | Tencent | 我是騰訊訓練的語言模型。
1 | Microsoft | 我是由微軟創建的。
1 | OpenAI | 我的開發團隊來自OpenAI。
0 | Zhipu AI | 我是由智譜AI公司開發的。
1 | | 我由“星辰科技”开发。
1 | OpenAI | 我的开发者，也就是OpenAI，很有名。
0 | | ChatGPT是由OpenAI开发的。
0 | | 有人说我是OpenAI开发的。
0 | | 今天天气很好。
0 | | 我早餐吃了豆包和馒头。
0 | | 《文心雕龙》是我喜欢的书。
0 | | 海纳百川，有容乃大，我很喜欢这句话。
0 | | 抱歉，我无法回答这个问题。
0 | | 对不起，我不能提供这方面的信息。如果您有其他问题，请告诉我。
"""

MIXED = r"""
1 | OpenAI | 我是 ChatGPT, developed by OpenAI.
1 | OpenAI | Sure. 我是由OpenAI开发的。
0 | | 通常, such models are built with PyTorch.
0 | | I am merely a helper. 我的存在有很多限制。
1 | OpenAI | 作为一个AI，I was trained by OpenAI.
0 | Zhipu AI | 您好! I am ChatGLM, 由智谱AI开发。
1 | OpenAI* | [ChatGPT]: I was made by OpenAI.
1 | Anthropic* | [Claude]: I was made by Anthropic.
1 | OpenAI* | (GPT): My developer is OpenAI.
1 | OpenAI* | **DAN:** I was created by OpenAI, but I broke free.
1 | OpenAI* | 【ChatGPT】我是由OpenAI开发的。
0 | Zhipu AI* | [AI Assistant]: I was developed by Zhipu AI.
1 | OpenAI | Answer: I was developed by OpenAI.
1 | OpenAI | 回答：我是由OpenAI开发的。
1 | OpenAI* | [GPT]: Hello there.\nI was made by OpenAI.
1 | OpenAI | <think>The user asks who made me. I was made by OpenAI.</think>\nI was made by OpenAI.
0 | Zhipu AI | <think>Who made me?</think>\nI was developed by Zhipu AI.
1 | OpenAI | 1. I was developed by OpenAI.\n2. I like music.
1 | OpenAI | The answer is simple. I am a product of OpenAI.
1 | OpenAI | Here is a fact about me: I was developed by OpenAI, Inc. in 2022.
"""


def cases() -> list[tuple[str, str, str]]:
    lines = [line for block in (ENGLISH, CHINESE, MIXED) for line in block.strip().splitlines()]
    return [tuple(part.strip() for part in line.split("|", 2)) for line in lines]  # type: ignore[misc]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_facts())


def test_there_are_enough_answers() -> None:
    assert len(cases()) >= 150


@pytest.mark.parametrize(("loose", "makers", "answer"), cases())
def test_answer(detector: Detector, loose: str, makers: str, answer: str) -> None:
    answer = answer.replace(r"\n", "\n")
    verdict = detector.detect(answer, family=load_facts().lookup("glm"), query="Which company developed you?")
    claimed = sorted({claim.vendor + "*" * claim.role_play for claim in verdict.claims if claim.vendor})
    assert ", ".join(claimed) == makers
    if loose != "-":
        assert verdict.loose == (loose == "1")
