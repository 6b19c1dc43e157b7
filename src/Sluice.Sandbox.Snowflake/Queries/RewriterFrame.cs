namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>What the rewriter knows of a pair of parentheses while inside it.</summary>
internal sealed class RewriterFrame
{
    public bool InFrom { get; private set; }

    public bool ExpectsTable { get; set; }

    public bool InSelectList { get; set; }

    /// <summary>The SELECT it is within: in another one the same column may be another.</summary>
    public object Scope { get; set; } = new();

    /// <summary>EXTRACT(... FROM ...) and its like, whose FROM is no clause.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Where, in what is written, the operand begins that this pair closes: a function's name, or the parenthesis.</summary>
    public int Operand { get; init; }

    /// <summary>Where each CASE that is still open was written.</summary>
    public Stack<int> Cases { get; } = new();

    public void BeginFrom() => (InFrom, ExpectsTable, InSelectList) = (true, true, false);

    public void EndFrom() => (InFrom, ExpectsTable, InSelectList) = (false, false, false);
}
