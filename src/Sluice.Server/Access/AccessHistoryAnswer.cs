using Sluice.Storage.History;

namespace Sluice.Server.Access;

/// <summary>Who could read an object at a time.</summary>
internal sealed record AccessHistoryAnswer(
    IReadOnlyList<string> ObjectPath, DateTimeOffset At, int Count, IReadOnlyList<HistoricReaderAnswer> Hits, IReadOnlyList<string> MaskedColumns, int RowRules)
{
    public static AccessHistoryAnswer Of(IReadOnlyList<string> path, DateTimeOffset at, HistoricAccess access, int offset, int size) => new(
        path, at.ToUniversalTime(), access.Readers.Count, [.. access.Readers.Skip(offset).Take(size).Select(HistoricReaderAnswer.Of)], access.MaskedColumns, access.RowRules);
}

/// <summary>An identity that could read it, and who used it then.</summary>
internal sealed record HistoricReaderAnswer(string Identity, IReadOnlyList<HistoricPersonAnswer> People, IReadOnlyList<HistoricGrantAnswer> Grants)
{
    public static HistoricReaderAnswer Of(HistoricReader reader) => new(
        reader.Identity,
        [.. reader.People.Select(static p => new HistoricPersonAnswer(p.PersonId, p.Username))],
        [.. reader.Grants.Select(static g => new HistoricGrantAnswer(g.Privilege, g.Audience, g.Since))]);
}

/// <summary>Who used an identity.</summary>
internal sealed record HistoricPersonAnswer(string Id, string Username);

/// <summary>By which grant.</summary>
internal sealed record HistoricGrantAnswer(string Privilege, string? Audience, DateTimeOffset Since);
