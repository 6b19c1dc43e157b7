using System.Text.Json;
using Sluice.Core.People;

namespace Sluice.Storage.People;

/// <summary>Between people and their rows.</summary>
internal static class PeopleRows
{
    /// <summary>What usernames and addresses are compared by.</summary>
    public static string Key(string name) => name.ToUpperInvariant();

    public static void Put(PersonRow row, PersonDetails details)
    {
        row.Username = details.Username;
        row.UsernameKey = Key(details.Username);
        row.DisplayName = details.DisplayName;
        row.Email = details.Email;
        row.EmailKey = details.Email is null ? null : Key(details.Email);
        row.Kind = details.Kind;
        row.Enabled = details.IsEnabled;
        row.Source = details.Source;
        row.ExternalId = details.ExternalId;
    }

    public static StoredPerson Person(PersonRow row) => new()
    {
        Id = row.Id,
        Details = new PersonDetails(row.Username, row.DisplayName, row.Email, row.Kind, row.Enabled, row.Source, row.ExternalId),
        Permissions = JsonSerializer.Deserialize<string[]>(row.Permissions)!,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        Revision = row.Revision,
    };

    public static StoredAttribute Attribute(PersonAttributeRow row) => new(row.Name, row.Value, Source(row.Source), row.ExpiresAt);

    public static PersonAttributeRow Row(Guid person, StoredAttribute attribute) => new()
    {
        PersonId = person, Name = attribute.Name, Value = attribute.Value, Source = attribute.Source ?? "", ExpiresAt = attribute.ExpiresAt,
    };

    public static StoredGroup Group(GroupRow row) => new()
    {
        Id = row.Id,
        Source = Source(row.Source),
        Name = row.Name,
        ExternalId = row.ExternalId,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        Revision = row.Revision,
    };

    public static string FullName(GroupRow row) => SourcedNames.Full(Source(row.Source), row.Name);

    public static string? Source(string stored) => stored.Length == 0 ? null : stored;
}
