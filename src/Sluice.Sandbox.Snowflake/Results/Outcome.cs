namespace Sluice.Sandbox.Snowflake.Results;

/// <summary>A column of an answer.</summary>
internal sealed record ResultColumn(string Name, SqlType Type)
{
    public static ResultColumn Text(string name) => new(name, SqlType.Text);

    public static ResultColumn Number(string name) => new(name, SqlType.Number);

    public static ResultColumn Instant(string name) => new(name, SqlType.Instant);
}

/// <summary>What a statement answers. Rows may be computed while they are read.</summary>
internal sealed record Outcome(IReadOnlyList<ResultColumn> Columns, IEnumerable<object?[]> Rows)
{
    /// <summary>Tells drivers what kind of statement it was.</summary>
    public int StatementType { get; init; } = StatementTypes.Select;

    public static Outcome Status(string message, int statementType = StatementTypes.Ddl) =>
        new([ResultColumn.Text("status")], [[message]]) { StatementType = statementType };

    public static Outcome Done { get; } = Status("Statement executed successfully.");

    public static Outcome Counts(int statementType, params (string Name, long Count)[] counts) =>
        new([.. counts.Select(count => ResultColumn.Number(count.Name))], [[.. counts.Select(count => (object)count.Count)]]) { StatementType = statementType };
}

/// <summary>The statementTypeId of the wire protocol, as open drivers list it.</summary>
internal static class StatementTypes
{
    public const int Select = 0x1000;
    public const int Insert = 0x3100;
    public const int Update = 0x3200;
    public const int Delete = 0x3300;
    public const int Merge = 0x3400;
    public const int AlterSession = 0x4100;
    public const int Use = 0x4300;
    public const int Show = 0x4600;
    public const int Describe = 0x4700;
    public const int Transaction = 0x5000;
    public const int Ddl = 0x6000;
    public const int Multi = 0xA000;
}
