namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>One operation of the REST APIs.</summary>
/// <param name="Name">What it is counted and met by faults under: tables.list.</param>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">With {parts} that stand for one segment each.</param>
/// <param name="Run">Reads the call and writes its answer.</param>
internal sealed record Operation(string Name, string Method, string Path, Func<Call, Task> Run)
{
    private readonly string[] segments = Path.Split('/');

    public Operation(string name, string method, string path, Action<Call> run)
        : this(name, method, path, call =>
        {
            run(call);
            return Task.CompletedTask;
        })
    {
    }

    /// <summary>Asks for no bearer token: the token endpoint and links that carry their own signature.</summary>
    public bool IsAnonymous { get; init; }

    public Dictionary<string, string>? Match(string method, string[] path)
    {
        if (method != Method || path.Length != segments.Length) return null;
        Dictionary<string, string> values = [];
        for (var index = 0; index < path.Length; index++)
        {
            if (segments[index].StartsWith('{')) values[segments[index][1..^1]] = Uri.UnescapeDataString(path[index]);
            else if (!string.Equals(segments[index], path[index], StringComparison.Ordinal)) return null;
        }

        return values;
    }
}
