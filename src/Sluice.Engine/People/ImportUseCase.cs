using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.People;

namespace Sluice.Engine.People;

/// <summary>POST /api/v1/users/import: registers and changes users by username, all of them or none.</summary>
public sealed class ImportUseCase(IPeopleImport import, ICallerPeople callers, IIdSource ids)
{
    private const int MostUsers = 100_000;

    /// <summary>Imports; needs USER_ADMIN.</summary>
    /// <param name="body">The users.</param>
    /// <param name="isDryRun">Whether only to check and count.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ImportCounts> ImportAsync(JsonElement body, bool isDryRun, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var people = Read(body);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        try
        {
            return await import.As(caller.AsActor()).ImportAsync(people, (before, after) => Takeover.Fault(before, after, behind, caller), behind.People, isDryRun, cancellationToken);
        }
        catch (ImportRefusedException e)
        {
            var problems = new ProblemList();
            foreach (var (index, problem) in e.Problems) problems.Add($"$.users[{index}]", problem);
            throw new RequestRefusedException(problems);
        }
    }

    private List<ImportedPerson> Read(JsonElement body)
    {
        var problems = new ProblemList();
        var payload = new PayloadObject(body, "$", problems);
        var people = PeopleReader.Items(payload, "users", MostUsers, ReadOne, isRequired: true);
        PeopleReader.RejectTwice(payload, "users", people.ConvertAll(p => p.Username.Length > 0 ? p.Username.ToUpperInvariant() : p.NewId.ToString()));
        payload.RejectUnread();
        return problems.Any ? throw new RequestRefusedException(problems) : people;
    }

    private ImportedPerson ReadOne(PayloadObject payload)
    {
        var given = payload.MemberNames.ToHashSet(StringComparer.Ordinal);
        var said = PeopleReader.ReadUser(payload);
        List<StoredAttribute>? attributes = null;
        if (payload.Has("attributes"))
        {
            attributes = PeopleReader.Items(payload, "attributes", PeopleReader.MostAttributes, PeopleReader.ReadAttribute, isRequired: true);
            PeopleReader.RejectTwice(payload, "attributes", attributes.ConvertAll(a => (a.Name, a.Value)));
        }

        return new ImportedPerson(ids.NewId(), said.Username, Merge, attributes, payload.OptionalStrings("groups"));

        // What an import does not speak of stays.
        PersonDetails Merge(PersonDetails? before) => before is null ? said : before with
        {
            Username = said.Username,
            DisplayName = given.Contains("displayName") ? said.DisplayName : before.DisplayName,
            Email = given.Contains("email") ? said.Email : before.Email,
            Kind = given.Contains("kind") ? said.Kind : before.Kind,
            IsEnabled = given.Contains("enabled") ? said.IsEnabled : before.IsEnabled,
            Source = given.Contains("source") ? said.Source : before.Source,
            ExternalId = given.Contains("externalId") ? said.ExternalId : before.ExternalId,
        };
    }
}
