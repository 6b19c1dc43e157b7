using System.Collections.Concurrent;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// With the knob on: answers of metadata statements, kept until something changes, so that a benchmark measures its client. A kept
/// answer is shared by the runs that get it and never let go before the sandbox changes.
/// </summary>
internal sealed class KeptAnswers(bool isOn) : IDisposable
{
    private readonly ConcurrentDictionary<string, StoredResult> answers = new(StringComparer.Ordinal);

    public StoredResult? Find(QueryRun run, StatementContext context) => isOn ? answers.GetValueOrDefault(Key(run, context))?.Share() : null;

    public void Offer(QueryRun run, StatementContext context, StoredResult result)
    {
        if (!isOn || !IsMetadata(run)) return;
        if (answers.TryAdd(Key(run, context), result)) result.Share();
    }

    public void Clear()
    {
        foreach (var key in answers.Keys)
        {
            if (answers.TryRemove(key, out var answer)) answer.Dispose();
        }
    }

    public void Dispose() => Clear();

    // The account's histories change with every query, so they are not kept.
    private static bool IsMetadata(QueryRun run) => run.Kind.StartsWith("SHOW", StringComparison.Ordinal)
        || (run.Kind == "SELECT" && (Names(run, "INFORMATION_SCHEMA") || Names(run, "ACCOUNT_USAGE.TAG_REFERENCES")));

    private static bool Names(QueryRun run, string relation) => run.Sql.Contains(relation, StringComparison.OrdinalIgnoreCase);

    private static string Key(QueryRun run, StatementContext context)
    {
        var session = context.Session;
        return $"{session.User.Id}|{session.Role.Id}|{session.SecondaryRolesAll}|{string.Join(',', session.SecondaryRoles.Select(role => role.Id))}|{session.Database?.Id}|{session.Schema?.Id}|{string.Join('|', context.Binds)}|{run.Sql}";
    }
}
