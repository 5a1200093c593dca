"""A stand-in for the file of this name in Devika: its names, signatures and habits, and nothing of what is behind them."""


class LLM:
    prompts: list[str] = []

    def __init__(self, model_id: str | None = None):
        self.model_id = model_id

    def inference(self, prompt: str, project_name: str) -> str:
        self.prompts.append(prompt)
        return "an answer"
