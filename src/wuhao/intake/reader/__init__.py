"""The reader: a workbook as received becomes sheets, tables, headings, units and data rows."""
