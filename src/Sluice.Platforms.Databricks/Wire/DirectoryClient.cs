using System.Text.Json;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>A user, service principal or group of a workspace. What a principal may not see of others is null.</summary>
/// <param name="Id">Its id in the workspace.</param>
/// <param name="Name">As grants name it: user name, application id, or the group's name.</param>
/// <param name="Members">Ids of a group's direct members.</param>
internal sealed record DirectoryEntry(string Id, string? Name, IReadOnlyList<string>? Members);

/// <summary>Reads the people and groups of a workspace by SCIM (https://docs.databricks.com/api/workspace/groups/list).</summary>
internal sealed class DirectoryClient(WorkspaceClient workspace, int mostPages)
{
    private const string Scim = "/api/2.0/preview/scim/v2";
    private const int PageSize = 100;

    /// <summary>All users. Who is no workspace admin gets their ids and display names alone.</summary>
    public Task<IReadOnlyList<DirectoryEntry>> UsersAsync(CancellationToken cancellationToken) => ListAsync("Users", "id,userName", cancellationToken);

    /// <summary>All service principals.</summary>
    public Task<IReadOnlyList<DirectoryEntry>> ServicePrincipalsAsync(CancellationToken cancellationToken) => ListAsync("ServicePrincipals", "id,applicationId", cancellationToken);

    /// <summary>All groups with their members.</summary>
    public Task<IReadOnlyList<DirectoryEntry>> GroupsAsync(CancellationToken cancellationToken) => ListAsync("Groups", "id,displayName,members", cancellationToken);

    private async Task<IReadOnlyList<DirectoryEntry>> ListAsync(string what, string attributes, CancellationToken cancellationToken)
    {
        var all = new List<DirectoryEntry>();
        for (var page = 0; page < mostPages; page++)
        {
            var (total, some) = await workspace.GetAsync(
                $"scim:{what}", $"{Scim}/{what}?attributes={attributes}&startIndex={all.Count + 1}&count={PageSize}", Read, cancellationToken);
            all.AddRange(some);
            if (some.Count == 0 || all.Count >= total) return all;
        }

        throw new PlatformException(PlatformFailure.Refused, $"{workspace.Host} lists {what} without an end.");
    }

    private static (long Total, List<DirectoryEntry> Entries) Read(ref Utf8JsonReader reader)
    {
        var total = 0L;
        var entries = new List<DirectoryEntry>();
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("totalResults"u8)) total = reader.NextNumber() ?? 0;
            else if (!reader.ValueTextEquals("Resources"u8)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) entries.Add(Entry(ref reader));
        }

        return (total, entries);
    }

    private static DirectoryEntry Entry(ref Utf8JsonReader reader)
    {
        string? id = null, userName = null, application = null, display = null;
        List<string>? members = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("id"u8)) id = reader.NextId();
            else if (reader.ValueTextEquals("userName"u8)) userName = reader.NextText();
            else if (reader.ValueTextEquals("applicationId"u8)) application = reader.NextText();
            else if (reader.ValueTextEquals("displayName"u8)) display = reader.NextText();
            else if (!reader.ValueTextEquals("members"u8)) reader.SkipValue();
            else if (reader.EnterList())
                for (members = []; reader.NextItem();) Member(ref reader, members);
        }

        return new DirectoryEntry(id ?? throw new JsonException(), userName ?? application ?? display, members);
    }

    private static void Member(ref Utf8JsonReader reader, List<string> members)
    {
        while (reader.NextMember())
        {
            if (!reader.ValueTextEquals("value"u8)) reader.SkipValue();
            else if (reader.NextId() is { } id) members.Add(id);
        }
    }
}
