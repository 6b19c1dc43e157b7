using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>What an ALTER statement changes.</summary>
internal abstract record Alteration;

internal sealed record SetOwner(string Owner) : Alteration;

internal sealed record Rename(SqlName To) : Alteration;

internal sealed record SetComment(string? Comment, string? Column = null) : Alteration;

internal sealed record SetTags(ImmutableSortedDictionary<string, string> Tags, string? Column = null) : Alteration
{
    /// <summary>SET TAG, which raises an error where ALTER … SET TAGS sets the new value.</summary>
    public bool KeepsOld { get; init; }
}

internal sealed record UnsetTags(ImmutableArray<string> Keys, string? Column = null) : Alteration;

internal sealed record SetProperties(ImmutableSortedDictionary<string, string> Properties) : Alteration;

internal sealed record UnsetProperties(ImmutableArray<string> Keys) : Alteration;

internal sealed record AddColumns(ImmutableArray<ColumnObject> Columns) : Alteration;

internal sealed record DropColumns(ImmutableArray<string> Columns, bool IfExists) : Alteration;

internal sealed record RenameColumn(string From, string To) : Alteration;

internal sealed record SetNullable(string Column, bool Nullable) : Alteration;

internal sealed record SetType(string Column, SqlType Type) : Alteration;

internal sealed record SetMask(string Column, SqlName Function, ImmutableArray<GuardArgument> Using) : Alteration;

internal sealed record DropMask(string Column) : Alteration;

internal sealed record SetRowFilter(SqlName Function, ImmutableArray<GuardArgument> On) : Alteration;

internal sealed record DropRowFilter : Alteration;

internal sealed record ReplaceView(string Query) : Alteration;
