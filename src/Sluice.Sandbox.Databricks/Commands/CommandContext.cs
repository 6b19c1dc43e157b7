using System.Collections.Concurrent;
using Sluice.Sandbox.Databricks.Execution;

namespace Sluice.Sandbox.Databricks.Commands;

/// <summary>An execution context: one session, whose commands run one after the other.</summary>
internal sealed class CommandContext(Session session)
{
    public Session Session => session;

    public ConcurrentDictionary<string, CommandRun> Commands { get; } = new(StringComparer.Ordinal);

    public SemaphoreSlim Turn { get; } = new(1);

    public void End()
    {
        foreach (var command in Commands.Values) command.Cancel();
    }
}
