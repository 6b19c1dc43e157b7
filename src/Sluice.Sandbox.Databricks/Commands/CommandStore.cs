using System.Collections.Concurrent;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Commands;

/// <summary>The execution contexts of the cluster and the commands run in them.</summary>
internal sealed class CommandStore(SandboxRuntime runtime)
{
    private readonly ConcurrentDictionary<string, CommandContext> contexts = new(StringComparer.Ordinal);

    public string Create(Caller caller)
    {
        var id = RandomId.New().ToString("N");
        contexts[id] = new(new Session(caller, null, null));
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
        context.Commands[run.Id] = run;
        run.TryStart(isPoll: false);
        return run;
    }

    public void Clear()
    {
        foreach (var id in contexts.Keys) Destroy(id);
    }
}
