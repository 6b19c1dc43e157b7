using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.People;

namespace Sluice.Engine.People;

/// <summary>Reads the bodies of the people API, every problem at once.</summary>
internal static class PeopleReader
{
    /// <summary>So many values has a person at most.</summary>
    public const int MostAttributes = 1000;

    /// <summary>So many identities has a person at most.</summary>
    public const int MostIdentities = 1000;
    private const int MostMembers = 100_000;

    public static PersonDetails ReadUser(JsonElement body) => Read(body, ReadUser);

    public static PersonDetails ReadUser(PayloadObject payload)
    {
        var username = PeopleText.Required(payload, "username", PeopleText.UsernameFault) ?? "";
        return new PersonDetails(
            username,
            PeopleText.Optional(payload, "displayName", t => PeopleText.Fault(t, PeopleText.LongestUsername)) ?? username,
            PeopleText.Optional(payload, "email", PeopleText.EmailFault),
            payload.OptionalChoice("kind", "person", "service") == "service" ? PersonKind.Service : PersonKind.Person,
            payload.OptionalBoolean("enabled") ?? true,
            PeopleText.Optional(payload, "source", PeopleText.SourceFault),
            PeopleText.Optional(payload, "externalId", t => PeopleText.Fault(t, PeopleText.LongestUsername)));
    }

    public static StoredAttribute ReadAttribute(JsonElement body) => Read(body, ReadAttribute);

    public static StoredAttribute ReadAttribute(PayloadObject payload) => new(
        PeopleText.Required(payload, "name", t => PeopleText.LocalNameFault(t, PeopleText.LongestAttribute)) ?? "",
        PeopleText.Required(payload, "value", t => PeopleText.Fault(t, PeopleText.LongestValue)) ?? "",
        null,
        PeopleText.Moment(payload, "expiresAt"));

    public static IReadOnlyList<StoredAttribute> ReadAttributes(JsonElement body) => Read(body, payload =>
    {
        var read = Items(payload, "attributes", MostAttributes, ReadAttribute, isRequired: true);
        RejectTwice(payload, "attributes", read.ConvertAll(a => (a.Name, a.Value)));
        return read;
    });

    public static NamedIdentity ReadIdentity(JsonElement body) => Read(body, ReadIdentity);

    public static NamedIdentity ReadIdentity(PayloadObject payload) => new(
        payload.RequiredString("connectionKey") ?? "",
        PeopleText.Required(payload, "name", t => PeopleText.Fault(t, PeopleText.LongestIdentity)) ?? "",
        payload.OptionalBoolean("shared") ?? false);

    public static IReadOnlyList<NamedIdentity> ReadIdentities(JsonElement body) => Read(body, payload =>
    {
        var read = Items(payload, "identities", MostIdentities, ReadIdentity, isRequired: true);
        RejectTwice(payload, "identities", read.ConvertAll(i => (i.ConnectionKey.ToUpperInvariant(), i.Name)));
        return read;
    });

    public static IReadOnlyList<string> ReadPermissions(JsonElement body) => Read(body, payload =>
    {
        var read = payload.OptionalStrings("permissions");
        if (read is null && !payload.Has("permissions")) payload.Reject("permissions", "is required; [] takes all away");
        for (var i = 0; i < read?.Count; i++)
            if (!Permission.All.Contains(read[i])) payload.Reject($"permissions[{i}]", $"must be of {string.Join(", ", Permission.All)}");
        return (IReadOnlyList<string>)[.. (read ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    });

    public static string ReadGroup(JsonElement body) =>
        Read(body, payload => PeopleText.Required(payload, "name", t => PeopleText.LocalNameFault(t, PeopleText.LongestGroup)) ?? "");

    public static (string? User, string? Group) ReadMember(JsonElement body) => Read(body, payload =>
    {
        var user = payload.OptionalString("user");
        var group = payload.OptionalString("group");
        if (user is null == group is null && !payload.Problems.Any) payload.RejectWhole("must say either user or group");
        return (user, group);
    });

    public static (IReadOnlyList<string> Users, IReadOnlyList<string> Groups) ReadMembers(JsonElement body) => Read(body, payload => (Names("users", payload), Names("groups", payload)));

    private static IReadOnlyList<string> Names(string name, PayloadObject payload)
    {
        var read = payload.OptionalStrings(name);
        if (read is null && !payload.Has(name)) payload.Reject(name, "is required; [] is none");
        if (read?.Count > MostMembers) payload.Reject(name, $"must have at most {MostMembers}");
        return read ?? [];
    }

    /// <summary>The objects of a list.</summary>
    public static List<T> Items<T>(PayloadObject payload, string name, int most, Func<PayloadObject, T> read, bool isRequired)
    {
        var items = new List<T>();
        if (payload.Raw(name) is not { } list)
        {
            if (isRequired) payload.Reject(name, "is required; [] is none");
            return items;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            payload.Reject(name, "must be a list of objects");
            return items;
        }

        if (list.GetArrayLength() > most) payload.Reject(name, $"must have at most {most}");
        foreach (var element in list.EnumerateArray().Take(most))
        {
            var item = new PayloadObject(element, $"{payload.PathOf(name)}[{items.Count}]", payload.Problems);
            items.Add(read(item));
            item.RejectUnread();
        }

        return items;
    }

    /// <summary>Makes a problem of every later one of two.</summary>
    public static void RejectTwice<T>(PayloadObject payload, string name, List<T> keys)
    {
        var seen = new HashSet<T>();
        for (var i = 0; i < keys.Count; i++)
            if (!seen.Add(keys[i])) payload.Reject($"{name}[{i}]", "stands in the list before");
    }

    private static T Read<T>(JsonElement body, Func<PayloadObject, T> read)
    {
        var problems = new ProblemList();
        var payload = new PayloadObject(body, "$", problems);
        var result = read(payload);
        payload.RejectUnread();
        return problems.Any ? throw new RequestRefusedException(problems) : result;
    }
}

/// <summary>An identity by its connection's name.</summary>
internal sealed record NamedIdentity(string ConnectionKey, string Name, bool IsShared);
