using System.Collections.Concurrent;
using Sluice.Sandbox.Databricks.Execution;

namespace Sluice.Sandbox.Databricks.Commands;

/// <summary>An execution context: one session, whose commands run one after the other.</summary>
internal sealed class CommandContext(Session session)
{
    /// <summary>Ended commands beyond these are forgotten, the oldest first.</summary>
    public const int MostKept = 100;

    private readonly ConcurrentDictionary<string, CommandRun> commands = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<CommandRun> inOrder = new();

    public Session Session => session;

    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>When it was made or last given a command.</summary>
    public long Used { get; set; }

    public bool IsIdle => commands.Values.All(command => command.HasEnded);

    public CommandRun? Find(string id) => commands.GetValueOrDefault(id);

    public void Add(CommandRun command)
    {
        commands[command.Id] = command;
        inOrder.Enqueue(command);
        while (commands.Count > MostKept && inOrder.TryPeek(out var oldest) && oldest.HasEnded && inOrder.TryDequeue(out oldest)) commands.TryRemove(oldest.Id, out _);
    }

    public void End()
    {
        foreach (var command in commands.Values) command.Cancel();
    }
}
