"""A stand-in for the file of this name in Devika: its names, signatures and habits, and nothing of what is behind them."""

import subprocess

from src.services.utils import retry_wrapper


class Runner:
    corrections: list[str] = []

    def __init__(self, base_model: str):
        self.base_model = base_model

    @retry_wrapper
    def run_code(
        self,
        commands: list,
        project_path: str,
        project_name: str,
        conversation: list,
        code_markdown: str,
        system_os: str
    ):
        for command in commands:
            command_set = command.split(" ")
            process = subprocess.run(
                command_set,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=project_path
            )
            # A model that sees the failure answers with another command.
            while process.returncode != 0 and self.corrections:
                command_set = self.corrections.pop(0).split(" ")
                process = subprocess.run(
                    command_set,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    cwd=project_path
                )
