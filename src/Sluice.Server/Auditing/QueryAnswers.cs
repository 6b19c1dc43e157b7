using System.Text.Json;
using Sluice.Core.QueryAudit;
using Sluice.Storage.QueryAudit;

namespace Sluice.Server.Auditing;

/// <summary>A query event as the API shows it.</summary>
internal sealed record QueryEventAnswer(
    Guid ConnectionId,
    string Connection,
    long Sequence,
    string Source,
    string EventId,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    string Identity,
    IReadOnlyList<QueryPersonAnswer> People,
    string PeopleKnownBy,
    string Kind,
    bool Succeeded,
    IReadOnlyList<QueriedObjectAnswer> Objects,
    string PoliciesKnownBy,
    IReadOnlyList<string> PlatformPolicies,
    string? StatementHash,
    string? Text,
    string? Workspace)
{
    public static QueryEventAnswer Of(StoredQuery stored)
    {
        var (taken, each) = (stored.Taken, stored.Taken.Event);
        return new QueryEventAnswer(
            stored.ConnectionId, stored.ConnectionKey, stored.Sequence, stored.Source, each.EventId, each.StartedAt, each.EndedAt, each.Identity,
            [.. taken.People.Select(static p => new QueryPersonAnswer(p.Id, p.Username))], Spelled(taken.PeopleKnownBy), each.Kind, each.Succeeded,
            [.. each.Objects.Select(o => new QueriedObjectAnswer(o.Path.Names, o.Columns, o.IsDirect, o.IsWritten, taken.Policies.GetValueOrDefault(o.Path) ?? []))],
            Spelled(taken.PoliciesKnownBy), each.PlatformPolicies, each.StatementHash, each.Text, each.Workspace);
    }

    private static string Spelled(KnownBy by) => JsonNamingPolicy.CamelCase.ConvertName(by.ToString());
}

/// <summary>Somebody who used an identity.</summary>
internal sealed record QueryPersonAnswer(string Id, string Username);

/// <summary>An object in a statement.</summary>
internal sealed record QueriedObjectAnswer(IReadOnlyList<string> Path, IReadOnlyList<string> Columns, bool Direct, bool Written, IReadOnlyList<string> Policies);
