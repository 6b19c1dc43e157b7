namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>A statement, or several in one request.</summary>
/// <param name="Text">SQL; every name and literal in it went through <see cref="Sql.Quote"/>.</param>
internal sealed record Statement(string Text)
{
    /// <summary>The texts that stand for the question marks, in order.</summary>
    public IReadOnlyList<string> Bindings { get; init; } = [];

    /// <summary>How many statements <see cref="Text"/> holds, separated by semicolons.</summary>
    public int Count { get; init; } = 1;
}
