using System.Text;

namespace Sluice.Cli.People;

/// <summary>A record of a CSV file and the line it begins on.</summary>
internal sealed record CsvRecord(int Line, IReadOnlyList<string> Fields);

/// <summary>Reads CSV as RFC 4180 has it: fields in quotes may hold commas, line ends and doubled quotes. Empty lines are passed over.</summary>
internal static class CsvRecords
{
    /// <exception cref="FormatException">With the line.</exception>
    public static IReadOnlyList<CsvRecord> Read(string text)
    {
        var records = new List<CsvRecord>();
        var fields = new List<string>();
        var field = new StringBuilder();
        var line = 1;
        var start = 1;
        for (var at = 0; at <= text.Length; at++)
        {
            var c = at < text.Length ? text[at] : '\n';
            if (c == '"' && field.Length == 0)
            {
                at = Quoted(text, at, field, ref line);
                // Only a separator may follow.
                if (at < text.Length && text[at] is not (',' or '\n' or '\r')) throw new FormatException($"line {line}: a quote ends before the field does; write a quote within quotes twice");
                c = at < text.Length ? text[at] : '\n';
            }

            if (c is not (',' or '\n'))
            {
                if (c != '\r' || at + 1 >= text.Length || text[at + 1] != '\n') field.Append(c);
                continue;
            }

            fields.Add(field.ToString());
            field.Clear();
            if (c == ',') continue;
            if (fields.Count > 1 || fields[0].Length > 0) records.Add(new CsvRecord(start, fields));
            fields = [];
            start = ++line;
        }

        return records;
    }

    // Returns the place after the closing quote.
    private static int Quoted(string text, int at, StringBuilder field, ref int line)
    {
        var opened = line;
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\n') line++;
            if (text[at] != '"') field.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"') field.Append(text[at++]);
            else return at + 1;
        }

        throw new FormatException($"line {opened}: a quote is opened and not closed");
    }
}
