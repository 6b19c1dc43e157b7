using System.Globalization;
using Sluice.Core.Payloads;

namespace Sluice.Core.Policies.Predicates;

/// <summary>
/// Reads tokens by binding power: OR, then AND, then NOT, then comparisons. After a problem it goes on behind the next AND, OR, comma or parenthesis,
/// so that one answer lists several. It never goes deeper than <see cref="PredicateParser.MaxDepth"/>.
/// </summary>
internal sealed partial class Parser(List<Token> tokens, PredicateScope scope, SourceProblems problems)
{
    private const int Or = 1, And = 2, Not = 3;
    private const string ComparisonsShown = "=, <>, <, <=, >, >=, IN, LIKE, BETWEEN or IS";
    private const int LongestShown = 40;
    private static readonly string[] ComparisonWords = ["IN", "LIKE", "BETWEEN", "IS", "NOT"];
    private static readonly string[] JoiningWords = ["AND", "OR"];

    private int _next;
    private int _depth;
    private bool _stopped;

    internal List<(PredicateNameKind Kind, string Name, int At)> Mentions { get; } = [];

    private Token Now => tokens[_next];

    private Token Ahead => tokens[Math.Min(_next + 1, tokens.Count - 1)];

    /// <summary>The whole text; null when there are problems.</summary>
    internal Predicate? Read()
    {
        var whole = Expression(Or);
        var condition = Condition(whole);
        while (Now.Kind != TokenKind.End)
        {
            var token = Take();
            Reject(token.Start, token.Is(")") ? "this ) closes no (" : $"expected AND, OR or the end and found {Shown(token)}");
            Infix(Node.Broken(token.Start), Or);
        }

        return condition;
    }

    private Node Expression(int weakest) => Infix(Prefix(), weakest);

    private Node Infix(Node left, int weakest)
    {
        while (true)
        {
            if (Now.Is("OR") && weakest <= Or) left = Chain(left, "OR", And, terms => new Predicate.Any(terms));
            else if (Now.Is("AND") && weakest <= And) left = Chain(left, "AND", Not, terms => new Predicate.All(terms));
            else if (IsBoundary(Now)) return left;
            else if (StartsComparison) left = Compare(left);
            else left = Unexpected(left);
        }
    }

    private Node Chain(Node first, string word, int weakest, Func<ValueList<Predicate>, Predicate> join)
    {
        List<Predicate?> terms = [Condition(first)];
        while (Now.Is(word))
        {
            Take();
            terms.Add(Condition(Expression(weakest)));
        }

        return terms.Contains(null) ? Node.Broken(first.At) : Node.Of(first.At, join(terms.ToValueList()!));
    }

    private Node Prefix()
    {
        var token = Now;
        switch (token.Kind)
        {
            case TokenKind.Text:
                Take();
                return Node.Of(token.Start, new Operand.Text(token.Meaning));
            case TokenKind.Number:
                Take();
                return Node.Of(token.Start, new Operand.Number(decimal.Parse(token.Meaning, CultureInfo.InvariantCulture)));
            case TokenKind.Function:
            case TokenKind.Name when Ahead.Is("("):
                return Call(Take());
            case TokenKind.Name:
            case TokenKind.QuotedName:
                Take();
                return Column(token);
            case TokenKind.Keyword when token.Meaning is "TRUE" or "FALSE":
                Take();
                return Node.Of(token.Start, new Operand.Boolean(token.Meaning == "TRUE"));
            case TokenKind.Keyword when token.Meaning == "NULL":
                Take();
                return Node.Of(token.Start, new Operand.Null());
            case TokenKind.Keyword when token.Meaning == "NOT":
                return Negation(Take());
            case TokenKind.Symbol when token.Meaning == "(":
                return Group(Take());
            case TokenKind.Unreadable:
                break;
            default:
                Reject(token.Start, $"expected a value or a condition and found {Shown(token)}");
                break;
        }

        SkipTerm();
        return Node.Broken(token.Start);
    }

    private Node Column(Token token)
    {
        if (scope == PredicateScope.Person)
            Reject(token.Start, $"{Shown(token)} is a column, and a subscription rule decides about people before any row is read; a text is written in single quotes");
        Mentions.Add((PredicateNameKind.Column, token.Meaning, token.Start));
        return Node.Of(token.Start, new Operand.Column(token.Meaning));
    }

    private Node Negation(Token not)
    {
        if (IsTooDeep(not)) return Node.Broken(not.Start);
        var term = Condition(Expression(Not));
        _depth--;
        return term is null ? Node.Broken(not.Start) : Node.Of(not.Start, new Predicate.Not(term));
    }

    private Node Group(Token open)
    {
        if (IsTooDeep(open)) return Node.Broken(open.Start);
        var inner = Expression(Or) with { At = open.Start };
        _depth--;
        return Close("AND, OR or )") ? inner : Node.Broken(open.Start);
    }

    private bool StartsComparison => Now.Kind switch
    {
        TokenKind.Symbol => Vocabulary.Comparisons.ContainsKey(Now.Meaning),
        TokenKind.Keyword when Now.Meaning == "NOT" => Ahead.Kind == TokenKind.Keyword && Ahead.Meaning is "IN" or "LIKE" or "BETWEEN",
        TokenKind.Keyword => Now.Meaning is "IN" or "LIKE" or "BETWEEN" or "IS",
        _ => false,
    };

    private Node Compare(Node left)
    {
        var value = Value(left);
        var word = Take();
        var negated = word.Is("NOT");
        if (negated) word = Take();
        var condition = word.Meaning switch
        {
            "IS" => IsNull(value),
            "IN" => In(left, value),
            "LIKE" => Like(left, value),
            "BETWEEN" => Between(left, value),
            _ => Comparison(left, value, word),
        };
        if (condition is null || value is null) return Node.Broken(left.At);
        return Node.Of(left.At, negated ? new Predicate.Not(condition) : condition);
    }

    private Predicate? Comparison(Node left, Operand? value, Token symbol)
    {
        var right = Prefix();
        var other = Value(right);
        var use = $"nothing is {symbol.Meaning} NULL: use IS {(symbol.Is("<>") ? "NOT " : "")}NULL";
        if (!IsNotNull(left, use) | !IsNotNull(right, use) || value is null || other is null) return null;
        return new Predicate.Comparison(Vocabulary.Comparisons[symbol.Meaning], value, other);
    }

    private Predicate? IsNull(Operand? value)
    {
        var negated = Now.Is("NOT");
        if (negated) Take();
        if (!Expect("NULL", negated ? "NULL" : "NULL or NOT NULL") || value is null) return null;
        Predicate condition = new Predicate.IsNull(value);
        return negated ? new Predicate.Not(condition) : condition;
    }

    private Predicate? In(Node left, Operand? value)
    {
        const string use = "IN never finds NULL: use IS NULL beside it";
        var isWhole = IsNotNull(left, use);
        if (!Expect("(", "( and the values after IN")) return null;
        List<Operand?> items = [];
        do
        {
            if (items.Count > 0) Take();
            var item = Prefix();
            isWhole &= IsNotNull(item, use);
            items.Add(Value(item));
        }
        while (Now.Is(","));
        isWhole &= Close(", or )");
        return isWhole && value is not null && !items.Contains(null) ? new Predicate.In(value, items.ToValueList()!) : null;
    }

    private Predicate? Like(Node left, Operand? value)
    {
        var isWhole = IsNotNull(left, "nothing is LIKE NULL: use IS NULL");
        if (Now.Kind == TokenKind.Text)
        {
            var pattern = Take().Meaning;
            return isWhole && value is not null ? new Predicate.Like(value, pattern) : null;
        }

        if (Now.Kind != TokenKind.Unreadable) Reject(Now.Start, $"expected a pattern in single quotes after LIKE and found {Shown(Now)}");
        SkipTerm();
        return null;
    }

    private Predicate? Between(Node left, Operand? value)
    {
        const string use = "nothing is BETWEEN anything and NULL: use IS NULL";
        var isWhole = IsNotNull(left, use);
        var low = Prefix();
        var lowest = Value(low);
        isWhole &= IsNotNull(low, use);
        if (!Expect("AND", "AND and the upper end of BETWEEN")) return null;
        var high = Prefix();
        var highest = Value(high);
        isWhole &= IsNotNull(high, use);
        return isWhole && value is not null && lowest is not null && highest is not null ? new Predicate.Between(value, lowest, highest) : null;
    }

    private bool IsNotNull(Node node, string otherwise)
    {
        if (node.Value is not Operand.Null) return true;
        Reject(node.At, otherwise);
        return false;
    }

    private Predicate? Condition(Node node)
    {
        if (node.Value is Operand.Boolean constant) return new Predicate.Constant(constant.Value);
        if (node.Value is { } value) Reject(node.At, $"{Short(PredicateText.Of(value))} is a value and no condition: compare it with another ({ComparisonsShown})");
        return node.Condition;
    }

    private Operand? Value(Node node)
    {
        if (node.Condition is not null) Reject(node.At, "this is a condition and no value: it can't be compared or handed to a function");
        return node.Value;
    }

    private Node Unexpected(Node left)
    {
        var known = left.Value is null ? JoiningWords : ComparisonWords;
        var isTold = Now.Kind == TokenKind.Unreadable || (left.Value is null && left.Condition is null);
        if (!isTold)
        {
            Reject(
                Now.Start,
                $"expected {(left.Value is null ? "AND or OR" : $"a comparison ({ComparisonsShown})")} and found {Shown(Now)}"
                + (NearestName.Of(Now.Written, known) is { } near && !Now.Is(near) ? $"; did you mean {near}?" : ""));
        }

        SkipTerm();
        return Node.Broken(left.At);
    }
}
