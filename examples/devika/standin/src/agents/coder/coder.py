"""A stand-in for the file of this name in Devika: its names, signatures and habits, and nothing of what is behind them."""

import os

from src.llm.llm import LLM
from src.services.utils import retry_wrapper


class Coder:
    project_dir = ""

    def __init__(self, base_model: str):
        self.llm = LLM(model_id=base_model)

    def get_project_path(self, project_name: str):
        project_name = project_name.lower().replace(" ", "-")
        return f"{self.project_dir}/{project_name}"

    def save_code_to_project(self, response: list[dict[str, str]], project_name: str):
        file_path_dir = None
        project_name = project_name.lower().replace(" ", "-")
        for file in response:
            file_path = os.path.join(self.project_dir, project_name, file["file"])
            file_path_dir = os.path.dirname(file_path)
            os.makedirs(file_path_dir, exist_ok=True)
            with open(file_path, "w", encoding="utf-8") as f:
                f.write(file["code"])
        return file_path_dir

    @retry_wrapper
    def execute(self, step_by_step_plan: str, user_context: str, search_results: dict, project_name: str) -> str:
        return self.llm.inference(step_by_step_plan, project_name)
