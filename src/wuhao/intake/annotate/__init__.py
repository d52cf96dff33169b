"""A workbook given back with its findings: cells coloured and commented, all else as it was."""
