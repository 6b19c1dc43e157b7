using Sluice.Core.Policies;

namespace Sluice.Testing.Naive;

/// <summary>What somebody meets at one cell.</summary>
public abstract record CellOutcome
{
    private CellOutcome()
    {
    }

    /// <summary>The object can't be read.</summary>
    public sealed record NotSubscribed : CellOutcome;

    /// <summary>The column can't be named.</summary>
    public sealed record ColumnRefused : CellOutcome;

    /// <summary>The row isn't there.</summary>
    public sealed record RowAbsent : CellOutcome;

    /// <summary>The value is masked.</summary>
    public sealed record Masked(MaskFunction Function) : CellOutcome;

    /// <summary>The value as it is.</summary>
    public sealed record Clear : CellOutcome;
}
