"""A stand-in for the file of this name in Devika: its names, signatures and habits, and nothing of what is behind them."""

from src.agents.coder.coder import Coder


class Feature(Coder):
    def save_code_to_project(self, response: list[dict[str, str]], project_name: str):
        return Coder.save_code_to_project(self, response, project_name)
