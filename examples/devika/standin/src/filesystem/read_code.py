"""A stand-in for the file of this name in Devika: its names, signatures and habits, and nothing of what is behind them."""

import os


class ReadCode:
    projects_dir = ""

    def __init__(self, project_name: str):
        self.directory_path = os.path.join(self.projects_dir, project_name.lower().replace(" ", "-"))

    def read_directory(self):
        files_list = []
        for root, _dirs, files in os.walk(self.directory_path):
            for file in files:
                file_path = os.path.join(root, file)
                with open(file_path, "r") as file_content:
                    files_list.append({"filename": file_path, "code": file_content.read()})
        return files_list

    def code_set_to_markdown(self):
        return "".join(f"### {code['filename']}:\n\n{code['code']}\n" for code in self.read_directory())
