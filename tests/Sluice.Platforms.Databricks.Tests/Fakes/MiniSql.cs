using System.Text.RegularExpressions;

namespace Sluice.Platforms.Databricks.Tests.Fakes;

/// <summary>
/// Runs SELECT … FROM … WHERE … ORDER BY … LIMIT over rows of texts, as far as reads of the information schema need it. It sorts and compares by code
/// point, as Databricks does.
/// </summary>
internal static partial class MiniSql
{
    public static List<string?[]> Run(string sql, IReadOnlyDictionary<string, IReadOnlyList<Dictionary<string, string?>>> tables)
    {
        var match = Statement.Match(sql);
        match.Success.ShouldBeTrue($"the statement is not understood: {sql}");
        tables.ContainsKey(match.Groups["from"].Value).ShouldBeTrue(sql);
        IEnumerable<Dictionary<string, string?>> rows = tables[match.Groups["from"].Value];
        if (match.Groups["where"] is { Success: true } where)
        {
            var condition = new Condition(where.Value);
            rows = rows.Where(condition.Holds).ToList();
        }

        if (match.Groups["order"] is { Success: true } order)
        {
            IOrderedEnumerable<Dictionary<string, string?>>? sorted = null;
            foreach (var column in order.Value.Split(", "))
                sorted = sorted is null ? rows.OrderBy(r => r[column], Comparer<string?>.Create(Compare)) : sorted.ThenBy(r => r[column], Comparer<string?>.Create(Compare));
            rows = sorted!;
        }

        if (match.Groups["limit"] is { Success: true } limit) rows = rows.Take(int.Parse(limit.Value));
        var columns = match.Groups["columns"].Value.Split(", ");
        return [.. rows.Select(r => columns.Select(c => c == "1" ? "1" : r[c]).ToArray())];
    }

    public static int Compare(string? a, string? b)
    {
        if (long.TryParse(a, out var x) && long.TryParse(b, out var y)) return x.CompareTo(y);
        var (left, right) = (a!.EnumerateRunes().Select(r => r.Value).ToList(), b!.EnumerateRunes().Select(r => r.Value).ToList());
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
            if (left[i] != right[i]) return left[i].CompareTo(right[i]);
        return left.Count.CompareTo(right.Count);
    }

    [GeneratedRegex(@"\ASELECT (?<columns>.+?) FROM (?<from>[a-z_.]+)( WHERE (?<where>.+?))?( ORDER BY (?<order>[a-z_, ]+?))?( LIMIT (?<limit>[0-9]+))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Statement { get; }

    private sealed class Condition(string text)
    {
        private readonly List<string> _tokens = [.. Tokens.Matches(text).Select(m => m.Value)];
        private int _at;

        public bool Holds(Dictionary<string, string?> row)
        {
            _at = 0;
            var holds = Or(row);
            _at.ShouldBe(_tokens.Count, text);
            return holds;
        }

        private bool Or(Dictionary<string, string?> row)
        {
            var holds = And(row);
            while (Take("OR")) holds |= And(row);
            return holds;
        }

        private bool And(Dictionary<string, string?> row)
        {
            var holds = Term(row);
            while (Take("AND")) holds &= Term(row);
            return holds;
        }

        private bool Term(Dictionary<string, string?> row)
        {
            if (Take("("))
            {
                var holds = Or(row);
                Take(")").ShouldBeTrue(text);
                return holds;
            }

            var value = row[_tokens[_at++]];
            var comparison = _tokens[_at++];
            if (comparison == "IN")
            {
                Take("(").ShouldBeTrue(text);
                var isIn = false;
                do isIn |= value == Literal();
                while (Take(","));
                Take(")").ShouldBeTrue(text);
                return isIn;
            }

            var order = Compare(value, Literal());
            return comparison switch
            {
                "=" => order == 0,
                ">" => order > 0,
                ">=" => order >= 0,
                "<" => order < 0,
                "<=" => order <= 0,
                _ => throw new InvalidOperationException(comparison),
            };
        }

        private bool Take(string token)
        {
            if (_at == _tokens.Count || _tokens[_at] != token) return false;
            _at++;
            return true;
        }

        private string Literal()
        {
            var token = _tokens[_at++];
            return token[0] == '\'' ? Unescape.Replace(token[1..^1], "${c}") : token;
        }
    }

    [GeneratedRegex(@"'(\\.|[^'\\])*'|[A-Za-z_]+|[0-9]+|>=|<=|[=<>(),]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tokens { get; }

    [GeneratedRegex(@"\\(?<c>.)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unescape { get; }
}
