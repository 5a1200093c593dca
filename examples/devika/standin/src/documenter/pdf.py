"""A stand-in for the file of this name in Devika: its names, signatures and habits, and nothing of what is behind them."""

import os


class PDF:
    pdf_path = ""

    def markdown_to_pdf(self, markdown_string, project_name):
        out_file_path = os.path.join(self.pdf_path, f"{project_name}.pdf")
        with open(out_file_path, "wb") as out_file:
            out_file.write(markdown_string.encode())
        return out_file_path
