using Sluice.Core.Catalog;
using Sluice.Core.Payloads;

namespace Sluice.Core.Policies.Predicates;

/// <content>Functions and their arguments, and what every part of the parser needs of the tokens.</content>
internal sealed partial class Parser
{
    private static readonly string[] AllFunctions =
        [.. Vocabulary.Properties.Keys.Select(name => "@" + name).Concat(Signature.All.Keys).Order(StringComparer.Ordinal)];

    private Node Call(Token name)
    {
        if (name.Kind == TokenKind.Function && Vocabulary.Properties.TryGetValue(name.Meaning, out var property)) return Property(name, property);
        if (Signature.All.TryGetValue(name.Written, out var signature)) return Call(name, signature);
        if (name.Meaning.Equals("isUsingPurpose", StringComparison.OrdinalIgnoreCase))
            Reject(name.Start, "@isUsingPurpose is not available yet; use a group or an attribute");
        else
        {
            Reject(
                name.Start,
                $"{Shown(name)} is not a function of the language; "
                + (NearestName.Of(name.Written, AllFunctions) is { } near ? $"did you mean {near}?" : $"there are {string.Join(", ", AllFunctions)}"));
        }

        SkipParentheses();
        return Node.Broken(name.Start);
    }

    private Node Property(Token name, PropertyKind property)
    {
        if (!Now.Is("(")) return Node.Of(name.Start, new Operand.Property(property));
        Reject(Now.Start, $"@{Vocabulary.Of(property)} is written without parentheses");
        SkipParentheses();
        return Node.Broken(name.Start);
    }

    private Node Call(Token name, Signature signature)
    {
        if (scope == PredicateScope.Person && signature.NeedsRow)
            Reject(name.Start, $"{signature.Name} reads a column, and a subscription rule decides about people before any row is read");
        if (!Expect("(", $"( after {signature.Name}, as in {signature.Usage}")) return Node.Broken(name.Start);
        if (IsTooDeep(name)) return Node.Broken(name.Start);
        var arguments = new Arguments([], []);
        var count = 0;
        var isWhole = true;
        while (!Now.Is(")") || count > 0)
        {
            isWhole &= Argument(signature, count++, arguments);
            if (!Now.Is(",")) break;
            Take();
        }

        _depth--;
        isWhole &= Close(", or )");
        var wanted = signature.Arguments.Length;
        if (count == wanted || (signature.Repeats && count > wanted))
            return isWhole && signature.Make(arguments) is var (condition, value) ? new Node(name.Start, condition, value) : Node.Broken(name.Start);
        Reject(name.Start, $"{signature.Name} takes {(signature.Repeats ? "at least" : "exactly")} {wanted} {(wanted == 1 ? "argument" : "arguments")}: {signature.Usage}");
        return Node.Broken(name.Start);
    }

    private bool Argument(Signature signature, int index, Arguments arguments)
    {
        if (index >= signature.Arguments.Length && !signature.Repeats)
        {
            SkipArgument();
            return false;
        }

        var kind = signature.Arguments[Math.Min(index, signature.Arguments.Length - 1)];
        if (kind == ArgumentKind.Value)
        {
            var node = Prefix();
            var value = Value(node);
            if (value is null || (!signature.TakesNull && !IsNotNull(node, $"{signature.Name} never finds NULL: use IS NULL"))) return false;
            arguments.Values.Add(value);
            return true;
        }

        if (Now.Kind == TokenKind.Text)
        {
            arguments.Texts.Add(Now.Meaning);
            return IsLiteral(signature, kind, Take());
        }

        if (Now.Kind is TokenKind.Name or TokenKind.QuotedName) Reject(Now.Start, $"expected a text in single quotes, as in {signature.Usage}, and found the name {Shown(Now)}");
        else if (Now.Kind != TokenKind.Unreadable) Reject(Now.Start, $"expected a text in single quotes, as in {signature.Usage}, and found {Shown(Now)}");
        SkipArgument();
        return false;
    }

    private bool IsLiteral(Signature signature, ArgumentKind kind, Token text)
    {
        switch (kind)
        {
            case ArgumentKind.AttributeValue:
                return true;
            case ArgumentKind.Place when Vocabulary.Places.ContainsKey(text.Meaning):
                return true;
            case ArgumentKind.Place:
                Reject(
                    text.Start,
                    $"expected 'dataSource' or 'column' in {signature.Usage} and found {Shown(text)}"
                    + (NearestName.Of(text.Meaning, Vocabulary.Places.Keys) is { } near ? $"; did you mean '{near}'?" : ""));
                return false;
            case ArgumentKind.Column when ObjectPath.NameProblem(text.Meaning) is { } problem:
                Reject(text.Start, $"the column's name {problem}");
                return false;
            case var _ when text.Meaning.Length == 0:
                Reject(text.Start, $"the {Named(kind).ToString().ToLowerInvariant()}'s name is empty");
                return false;
            default:
                Mentions.Add((Named(kind), text.Meaning, text.Start));
                return true;
        }
    }

    private static PredicateNameKind Named(ArgumentKind kind) => kind switch
    {
        ArgumentKind.Group => PredicateNameKind.Group,
        ArgumentKind.Tag => PredicateNameKind.Tag,
        ArgumentKind.Column => PredicateNameKind.Column,
        _ => PredicateNameKind.Attribute,
    };

    private Token Take() => Now.Kind == TokenKind.End ? Now : tokens[_next++];

    private void Reject(int at, string message)
    {
        if (!_stopped) problems.Add(at, message);
    }

    /// <summary>Stops at the first thing nested too deep: nothing behind it can be judged.</summary>
    private bool IsTooDeep(Token token)
    {
        if (++_depth <= PredicateParser.MaxDepth) return false;
        Reject(token.Start, $"nested deeper than {PredicateParser.MaxDepth} levels");
        _stopped = true;
        _next = tokens.Count - 1;
        return true;
    }

    private bool Expect(string word, string expected)
    {
        if (Now.Is(word))
        {
            Take();
            return true;
        }

        if (Now.Kind != TokenKind.Unreadable) Reject(Now.Start, $"expected {expected} and found {Shown(Now)}");
        SkipTerm();
        return false;
    }

    /// <summary>Takes the closing parenthesis, and whatever wrongly stands before it.</summary>
    private bool Close(string expected)
    {
        if (Now.Is(")"))
        {
            Take();
            return true;
        }

        if (Now.Kind != TokenKind.Unreadable) Reject(Now.Start, $"expected {expected} and found {Shown(Now)}");
        SkipUntil(token => token.Is(")"));
        Take();
        return false;
    }

    private static bool IsBoundary(Token token) => token.Kind == TokenKind.End || token.Is(")") || token.Is(",") || token.Is("AND") || token.Is("OR");

    private void SkipTerm() => SkipUntil(IsBoundary);

    private void SkipArgument() => SkipUntil(token => token.Is(",") || token.Is(")"));

    private void SkipParentheses()
    {
        if (!Now.Is("(")) return;
        Take();
        SkipUntil(token => token.Is(")"));
        Take();
    }

    private void SkipUntil(Func<Token, bool> isEnd)
    {
        var open = 0;
        for (; Now.Kind != TokenKind.End && (open > 0 || !isEnd(Now)); Take())
        {
            if (Now.Is("(")) open++;
            else if (Now.Is(")")) open--;
        }
    }

    private static string Shown(Token token) => token.Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text or TokenKind.QuotedName => Short(token.Written),
        _ => $"'{Short(token.Written)}'",
    };

    private static string Short(string text)
    {
        if (text.Length <= LongestShown) return text;
        var end = char.IsHighSurrogate(text[LongestShown - 1]) ? LongestShown - 1 : LongestShown;
        return text[..end] + "…";
    }
}
