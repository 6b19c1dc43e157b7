using Sluice.Core.Planning;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Changes that one statement makes.</summary>
/// <param name="Changes">Which.</param>
/// <param name="Sql">The statement.</param>
internal sealed record Unit(IReadOnlyList<Change> Changes, string Sql)
{
    /// <summary>Statements that come right after it.</summary>
    public IReadOnlyList<string> Following { get; init; } = [];

    /// <summary>Whether what the statement was refused for means that all is as it shall be already; null where no refusal does.</summary>
    public Func<PlatformException, CancellationToken, Task<bool>>? IsDone { get; init; }

    /// <summary>What is sent where the statement is refused for good; null where nothing is.</summary>
    public Stopgap? Instead { get; init; }

    /// <summary>Why it is not sent; null when it is.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether all is as it shall be already, so that nothing is sent.</summary>
    public bool IsNeedless { get; init; }
}

/// <summary>A statement in the place of one that was refused, after which less is shown than was asked for.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Tell">What is told of the refusal.</param>
internal sealed record Stopgap(string Sql, Func<PlatformException, string> Tell);
