"""A stand-in for the file of this name in Devika: its names, signatures and habits, and nothing of what is behind them."""

from src.agents.coder.coder import Coder


class Agent:
    pages: list[str] = []
    queries: list[str] = []

    def __init__(self, base_model: str, search_engine: str, browser: object = None):
        self.coder = Coder(base_model=base_model)
        self.engine = search_engine

    async def open_page(self, project_name, url):
        self.pages.append(url)
        return None, b"", f"text of {url}"

    def search_queries(self, queries: list, project_name: str) -> dict:
        self.queries.extend(queries)
        return {}

    def subsequent_execute(self, prompt: str, project_name: str):
        self.coder.execute(prompt, "", {}, project_name)

    def execute(self, prompt: str, project_name: str) -> str:
        return self.coder.execute(prompt, "", {}, project_name)
