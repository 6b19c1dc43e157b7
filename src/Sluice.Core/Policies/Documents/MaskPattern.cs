using System.Text;

namespace Sluice.Core.Policies.Documents;

/// <summary>
/// The regular expressions of masks: what POSIX, Java and Perl read alike. Literals (what means something by itself behind a backslash), <c>.</c>, bracket
/// classes of ASCII ranges and plain characters, <c>^ $ | ( )</c> and <c>* + ? {n} {n,} {n,m}</c>.
/// </summary>
internal static class MaskPattern
{
    private const int MaxGroupDepth = 32;

    /// <summary>The most repetitions; PostgreSQL's limit.</summary>
    private const int MaxRepeat = 255;

    private const string Special = @"\.*+?()[]{}|^$";

    /// <summary>What is wrong with a pattern and where, or null.</summary>
    public static string? Check(string pattern, out int groups)
    {
        var parser = new Parser(pattern);
        var problem = parser.Parse();
        groups = parser.Groups;
        return problem;
    }

    /// <summary>What is wrong with a replacement and where, or null: <c>\1</c> to <c>\9</c> for what a group matched, <c>\\</c> for a backslash.</summary>
    public static string? CheckReplacement(string replacement, int groups)
    {
        for (var i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] != '\\') continue;
            var next = i + 1 < replacement.Length ? replacement[i + 1] : '\0';
            if (next is >= '1' and <= '9' && next - '0' > groups) return $"at character {i + 1}: names group {next}, and the pattern has {groups}";
            if (next is not ((>= '1' and <= '9') or '\\')) return $@"at character {i + 1}: a backslash stands before a group's number (\1 to \9) or another backslash";
            i++;
        }

        return null;
    }

    private sealed class Parser(string pattern)
    {
        private int _at;

        public int Groups { get; private set; }

        public string? Parse() => Alternatives(0) ?? (_at < pattern.Length ? Fault(_at, @"')' closes nothing; write \) for the character") : null);

        private string? Alternatives(int depth)
        {
            var branches = new List<string>();
            while (true)
            {
                var start = _at;
                if (Branch(depth) is { } problem) return problem;
                if (_at == start) return Fault(start, "an alternative, a group or the pattern is empty");
                var branch = pattern[start.._at];
                // Some platforms take the first alternative that matches, others the longest: with the longer one first they agree.
                if (branches.Find(b => branch.StartsWith(b, StringComparison.Ordinal)) is { } shorter)
                    return Fault(start, $"put the longer alternative before '{shorter}': platforms differ in which of them they take");
                branches.Add(branch);
                if (_at == pattern.Length || pattern[_at] != '|') return null;
                _at++;
            }
        }

        private string? Branch(int depth)
        {
            while (_at < pattern.Length && pattern[_at] is not ('|' or ')'))
            {
                var isAnchor = pattern[_at] is '^' or '$';
                if (Atom(depth) is { } problem) return problem;
                if (Quantifier(isAnchor) is { } mistake) return mistake;
            }

            return null;
        }

        private string? Atom(int depth)
        {
            var start = _at;
            switch (pattern[_at])
            {
                case '(':
                    return Group(depth);
                case '[':
                    return Class();
                case '\\':
                    if (_at + 1 == pattern.Length) return Fault(start, "a backslash at the end");
                    if (!Special.Contains(pattern[_at + 1])) return Fault(start, Escape(pattern[_at + 1]));
                    _at += 2;
                    return null;
                case '*' or '+' or '?':
                    return Fault(start, $@"'{pattern[start]}' repeats nothing; write \{pattern[start]} for the character");
                case '{' or '}' or ']':
                    return Fault(start, $@"write \{pattern[start]} for the character");
                case < ' ':
                    return Fault(start, "a control character");
                default:
                    Rune.DecodeFromUtf16(pattern.AsSpan(_at), out _, out var width);
                    _at += width;
                    return null;
            }
        }

        private string? Group(int depth)
        {
            var start = _at++;
            if (depth == MaxGroupDepth) return Fault(start, $"groups lie deeper than {MaxGroupDepth} in each other");
            if (_at < pattern.Length && pattern[_at] == '?') return Fault(start, "look-around, options and groups with '(?' differ between platforms: write plain groups");
            Groups++;
            if (Alternatives(depth + 1) is { } problem) return problem;
            if (_at == pattern.Length) return Fault(start, "the group is not closed");
            _at++;
            return null;
        }

        private string? Class()
        {
            var start = _at++;
            if (_at < pattern.Length && pattern[_at] == '^') _at++;
            var first = _at;
            for (; _at < pattern.Length && (pattern[_at] != ']' || _at == first); _at++)
            {
                var next = _at + 1 < pattern.Length ? pattern[_at + 1] : '\0';
                switch (pattern[_at])
                {
                    case ']':
                        return Fault(_at, @"a class is empty, or begins with ']': write \] outside of classes");
                    case '[' or '\\' or '&' or '~' or '^':
                        return Fault(_at, $"'{pattern[_at]}' in a class means other things on other platforms: use it outside, as in (\\{pattern[_at]}|[a-z])");
                    case '-' when _at != first && next != ']':
                        return Fault(_at, "'-' stands first or last in a class, or between the two ends of a range");
                    case < ' ' or > '~':
                        return Fault(_at, "a class holds printable ASCII only");
                }

                if (next != '-' || _at + 2 >= pattern.Length || pattern[_at + 2] == ']') continue;
                if (!IsRange(pattern[_at], pattern[_at + 2])) return Fault(_at, "a range runs upwards from digit to digit, or between letters of one case, as in 0-9, A-Z, a-z");
                _at += 2;
            }

            if (_at == pattern.Length) return Fault(start, "the class is not closed");
            _at++;
            return null;
        }

        private string? Quantifier(bool isAnchor)
        {
            if (_at == pattern.Length || pattern[_at] is not ('*' or '+' or '?' or '{')) return null;
            var start = _at;
            if (isAnchor) return Fault(start, "an anchor can't be repeated");
            if (pattern[_at++] == '{' && Counts(start) is { } problem) return problem;
            return _at < pattern.Length && pattern[_at] is '*' or '+' or '?' or '{'
                ? Fault(_at, "lazy, possessive and doubled quantifiers differ between platforms")
                : null;
        }

        private string? Counts(int start)
        {
            var low = Number();
            var high = low;
            if (_at < pattern.Length && pattern[_at] == ',')
            {
                _at++;
                high = _at < pattern.Length && pattern[_at] == '}' ? MaxRepeat : Number();
            }

            if (low is null || high is null || low > high || high > MaxRepeat || high == 0 || _at == pattern.Length || pattern[_at] != '}')
                return Fault(start, $@"repetitions are {{n}}, {{n,}} or {{n,m}} with numbers up to {MaxRepeat}; write \{{ for the character");
            _at++;
            return null;
        }

        private int? Number()
        {
            var start = _at;
            while (_at < pattern.Length && char.IsAsciiDigit(pattern[_at])) _at++;
            return _at - start is >= 1 and <= 3 ? int.Parse(pattern.AsSpan(start, _at - start)) : null;
        }

        private static bool IsRange(char low, char high) =>
            low <= high && ((char.IsAsciiDigit(low) && char.IsAsciiDigit(high)) || (char.IsAsciiLetterLower(low) && char.IsAsciiLetterLower(high))
                || (char.IsAsciiLetterUpper(low) && char.IsAsciiLetterUpper(high)));

        private static string Escape(char escaped) => escaped switch
        {
            'd' => @"\d differs between platforms: write [0-9]",
            'w' => @"\w differs between platforms: write [A-Za-z0-9_]",
            's' => @"\s differs between platforms: write a space, or the characters",
            >= '0' and <= '9' => "backreferences differ between platforms, or are missing",
            _ => $"a backslash stands before one of {Special} only",
        };

        private static string Fault(int at, string message) => $"at character {at + 1}: {message}";
    }
}
