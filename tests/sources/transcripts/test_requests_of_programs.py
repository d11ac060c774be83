"""Requests of a program in a person's place, by what they ask for."""

import pytest

from autodidact.sources.transcripts.requests_of_programs import of_program


@pytest.mark.parametrize(
    "text",
    [
        "### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.\n### Guidelines:\n- Respond in JSON.",
        "### Task:\nGenerate 1-3 broad tags categorizing the main themes of the chat history, along with 1-3 more specific subtopic tags.\n\n### Guidelines:",
        "### Task:\nSuggest 3-5 relevant follow-up questions or prompts that the user might naturally ask next in this conversation as a **user**, based on the chat history.\n### Guidelines:",
        "### Task:\nAnalyze the chat history to determine the necessity of generating search queries.\n### Guidelines:",
        "Please write a 5-10 word title for the following conversation:\n\n[2 messages]",
        "Please act as an impartial judge and evaluate the quality of the response below.",
        "Read HEARTBEAT.md if it exists (workspace context). Follow it strictly. Do not infer. If nothing needs attention, reply HEARTBEAT_OK.",
        "Your task is to create a detailed summary of the conversation so far, paying close attention to",
        "[SUGGESTION MODE: Suggest what the user might naturally type next into Claude Code.]\n\nFIRST: Look",
        "Determine exactly one command to use next based on the given goals",
        "Determine which next command to use, and respond using the format specified above:",
        "Provide a concise, 5-word-or-less title for the conversation, using title case conventions. Only return the title itself.",
        "Generate a title for this conversation:\n",
        "Generate a concise 3-7 word title for this conversation, omitting punctuation.",
        "Please generate a four to five word title summarizing our conversation without any lead-in, punctuation",
        "Given the following... please reply with a title for the chat that is 3-4 words in length, all words used should be directly related to the content of the chat",
        "Based on the conversation so far, provide a concise description of this session in 4 words or less.",
        "Summarize this coding conversation in under 50 characters.",
        "Summarize the conversation so far",
        "Summarize our conversation above.",
        "*Briefly* summarize this partial conversation about programming.",
        "You are performing a CONTEXT CHECKPOINT COMPACTION. Create a handoff summary",
        "Provide a detailed prompt for continuing our conversation above.",
        "The current conversation is rapidly running out of context. Now, your urgent task is to create a comprehensive detailed summary",
        "Generate a detailed summary of this conversation",
        "Progressively summarize the lines of conversation provided, adding onto the previous summary",
        "You are an impartial judge. Compare the two answers.",
        "You are a grader assessing relevance of a retrieved document to a user question.",
        "You are comparing a submitted answer to an expert answer on a given question.",
        "Your job is to look at a question, a gold target, and a predicted answer, and then assign a grade",
        "Judge whether the following [response] to [question] is correct or not",
        "You will be given one summary written for a news article. Your task is to rate the summary on one metric.",
        "You are evaluating a response that has been submitted for a particular task",
        "简要总结一下对话内容，用作后续的上下文提示 prompt，控制在 200 字以内",
        "使用四到五个字直接返回这句话的简要主题，不要解释",
        "You are an expert evaluator. Rate the response.",
        "Warmup",
        "Predict the next message the user would write in this conversation.",
        "Generate a short name for this chat session",
    ],
)
def test_a_program_asks(text):
    assert of_program(text)


@pytest.mark.parametrize(
    "text",
    [
        "Write a title for my essay about tides.",
        "Summarize the conversation between the captain and the pilot in the text below.",
        "Please write a summary of the chat feature of our app.",
        "Generate a title for the blog post about our session store.",
        "How do I keep the chat history in Redis?",
        "Write a function that returns the conversation history of a user.",
        "Create a table for the chat history with an index on the user.",
        "Suggest a name for a ferry.",
        "You are a judge at a cooking show; score the dishes.",
        "What is a judge?",
        "Return NOT_FOUND if there is no berth with that number.",
        "Summarize the discussion in chapter 3 of Hamlet.",
        "[BUG REPORT] The login fails after the update.",
        "### Task\nWrite a poem about rain.",
        "Describe the session middleware in Django.",
        "Evaluate the response time of this query plan.",
        "Add a description to the session model",
        "Respond with 404 if there is no user.",
        "Create a chat log viewer in React",
        "Explain the conversation so far as a concept in linguistics",
        "Provide the query for all messages in the chat history table",
        "Analyze the following exchange rates.",
        "Write a summary of the discussion on renewable energy in the Senate.",
        "Rate the answer options of this quiz for difficulty",
        "Make a description of the thread pool in this project",
        "Name the themes of this dialogue between Romeo and Juliet.",
        "Write a name for this thread type in Java",
        "Describe this session cookie",
    ],
)
def test_a_person_asks(text):
    assert not of_program(text)
