using System.Collections.Concurrent;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>The runs of the account, oldest first. Answers of old runs are let go; the runs stay longer.</summary>
internal sealed class QueryLog
{
    private const int KeptRuns = 10_000;

    // More than requests under way begin (16 of 21 runs each): an answer must not go before it was sent.
    private const int KeptAnswers = 1_000;

    private readonly ConcurrentDictionary<string, QueryRun> byId = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly Queue<QueryRun> runs = new();
    private readonly Queue<QueryRun> answers = new();
    private long last;

    /// <summary>An id in the form of Snowflake's: a counter in the clothes of a UUID.</summary>
    public string NextId()
    {
        var number = Interlocked.Increment(ref last);
        return $"01b{number >> 32 & 0xFFFFF:x5}-0000-{number >> 16 & 0xFFFF:x4}-0000-{number:x12}";
    }

    public void Add(QueryRun run)
    {
        byId[run.Id] = run;
        lock (gate)
        {
            runs.Enqueue(run);
            answers.Enqueue(run);
            if (answers.Count > KeptAnswers) answers.Dequeue().ForgetAnswer();
            if (runs.Count > KeptRuns) byId.TryRemove(runs.Dequeue().Id, out _);
        }
    }

    public QueryRun? Find(string id) => byId.GetValueOrDefault(id);

    public QueryRun[] Snapshot()
    {
        lock (gate) return [.. runs];
    }

    public void Clear()
    {
        lock (gate)
        {
            foreach (var run in runs) run.Dispose();
            runs.Clear();
            answers.Clear();
        }

        byId.Clear();
    }
}
