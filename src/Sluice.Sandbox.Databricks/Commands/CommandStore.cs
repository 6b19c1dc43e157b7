using System.Collections.Concurrent;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Commands;

/// <summary>The execution contexts of the cluster and the commands run in them.</summary>
internal sealed class CommandStore(SandboxRuntime runtime)
{
    /// <summary>https://docs.databricks.com/aws/en/notebooks/execution-context: more push out those that idle, the least recently used first.</summary>
    public const int MostContexts = 145;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, CommandContext> contexts = new(StringComparer.Ordinal);
    private long uses;

    public string Create(Caller caller)
    {
        var id = RandomId.New().ToString("N");
        lock (gate)
        {
            if (contexts.Count >= MostContexts)
            {
                var idle = contexts.Where(pair => pair.Value.IsIdle).OrderBy(pair => pair.Value.Used).Select(pair => pair.Key).FirstOrDefault()
                    ?? throw DatabricksException.Legacy($"ContextLimitExceeded: Too many execution contexts are open right now. (Limit set to {MostContexts})");
                Destroy(idle);
            }

            contexts[id] = new(new Session(caller, null, null)) { Used = Interlocked.Increment(ref uses) };
        }

        return id;
    }

    public CommandContext Find(Caller caller, string id) =>
        contexts.TryGetValue(id, out var context) && context.Session.Caller.Name == caller.Name ? context : throw DatabricksException.Legacy($"ContextNotFound: {id}", 404);

    public void Destroy(string id)
    {
        if (contexts.TryRemove(id, out var context)) context.End();
    }

    public CommandRun Run(CommandContext context, string text)
    {
        var run = new CommandRun(runtime, context, text);
        context.Used = Interlocked.Increment(ref uses);
        context.Add(run);
        run.TryStart(isPoll: false);
        return run;
    }

    public void Clear()
    {
        foreach (var id in contexts.Keys) Destroy(id);
    }
}
