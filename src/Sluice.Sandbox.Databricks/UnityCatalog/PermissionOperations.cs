using System.Text.Json;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.UnityCatalog;

/// <summary>Grants, from https://docs.databricks.com/api/workspace/grants.</summary>
internal static class PermissionOperations
{
    /// <summary>A page holds whole principals, so it must have room for one with every privilege.</summary>
    private const int SmallestPage = 150;

    public static void Get(Call call)
    {
        var at = Located(call);
        var all = SeesAll(call, at);
        var filter = call.Query("principal");
        var assignments = at.Securable.Grants.Where(entry => Shown(call, entry.Key, filter, all)).Select(entry => (entry.Key, PrivilegeNames.Of(entry.Value.Held).ToArray())).ToList();
        WritePages(call, assignments, privilege => call.Json.WriteStringValue(privilege));
    }

    public static void GetEffective(Call call)
    {
        var at = Located(call);
        var all = SeesAll(call, at);
        var filter = call.Query("principal");
        var applicable = Applicability.Of(at.Kind, at.Securable);
        var rows = from level in at.Upwards()
                   where level.Kind == at.Kind || level.Kind != SecurableKind.Metastore
                   from entry in level.Securable.Grants
                   where Shown(call, entry.Key, filter, all)
                   from privilege in PrivilegeNames.Of(entry.Value.Held & applicable)
                   group (Level: level, Privilege: privilege) by entry.Key into held
                   orderby held.Key
                   select (held.Key, held.ToArray());
        WritePages(call, rows.ToList(), held =>
        {
            call.Json.WriteStartObject();
            call.Json.WriteString("privilege", held.Privilege);
            if (held.Level.Kind != at.Kind)
            {
                call.Json.WriteString("inherited_from_type", held.Level.Kind.ToString().ToUpperInvariant());
                call.Json.WriteString("inherited_from_name", held.Level.FullName);
            }

            call.Json.WriteEndObject();
        });
    }

    public static void Update(Call call)
    {
        var edits = Call.Items(call.Input, "changes", JsonValueKind.Object).Select(Edit).ToArray();
        var kind = RestLookup.Kind(call.Route("securable_type"));
        var omitted = call.Input.TryGetProperty("omit_permissions_in_response", out var omit) && omit.ValueKind == JsonValueKind.True;
        Located? after = null;
        call.Runtime.Change(state =>
        {
            var changed = GrantChanges.Apply(state, call.Caller, RestLookup.Find(state, kind, call.Route("full_name")), edits);
            after = RestLookup.Find(changed, kind, call.Route("full_name"));
            return changed;
        });
        var shown = omitted ? [] : after!.Securable.Grants.Select(entry => (entry.Key, PrivilegeNames.Of(entry.Value.Held).ToArray())).ToList();
        WritePages(call, shown, privilege => call.Json.WriteStringValue(privilege));
    }

    private static Located Located(Call call) => RestLookup.Find(call.State, RestLookup.Kind(call.Route("securable_type")), call.Route("full_name"));

    // Who may grant sees everybody's; anyone else who sees the object, their own.
    private static bool SeesAll(Call call, Located at)
    {
        var holding = call.Access.On(at);
        if (call.Access.MayGrant(at)) return true;
        if (RestLookup.Knows(at.Kind, holding)) return false;
        throw RestLookup.Lacks(at, holding, "MANAGE");
    }

    private static bool Shown(Call call, string principal, string? filter, bool all) =>
        (filter is null || principal == filter) && (all || call.Caller.Names.Contains(principal));

    private static GrantEdit Edit(JsonElement change)
    {
        var (add, remove) = (Read(change, "add"), Read(change, "remove"));
        var principal = Call.Text(change, "principal");
        var id = change.TryGetProperty("principal_id", out var given) && given.ValueKind == JsonValueKind.Number ? given.GetRawText() : null;
        if (principal is { Length: > 0 } && id is not null) throw DatabricksException.Invalid("Only one of principal and principal_id may be set.");
        // An id stands for a principal that was deleted: it is given nothing more.
        if (id is not null && add != Privilege.None) throw DatabricksException.Invalid("A change of a principal_id can only remove privileges.");
        return new(id ?? principal ?? throw DatabricksException.Invalid("principal must be set."), add, remove);
    }

    private static Privilege Read(JsonElement change, string member) => Call.Items(change, member, JsonValueKind.String).Aggregate(
        Privilege.None,
        (set, item) => set | (!item.GetString()!.Contains(' ', StringComparison.Ordinal) && PrivilegeNames.Find(item.GetString()!) is { } privilege
            ? privilege
            : throw DatabricksException.Invalid($"Privilege {item.GetString()} is not valid.")));

    private static void WritePrincipal(Call call, string principal)
    {
        var principals = call.Runtime.State.Principals;
        var isGone = principals.Gone.Contains(principal);
        call.Json.WriteString("principal", isGone ? "" : principal);
        call.Json.WritePropertyName("principal_id");
        call.Json.WriteRawValue(isGone ? principal : principals.Find(principal) is { } known ? PrincipalDirectory.IdOf(known) : PrincipalDirectory.ScimId(principal));
    }

    private static void WritePages<T>(Call call, IReadOnlyList<(string Principal, T[] Privileges)> assignments, Action<T> write)
    {
        var asked = call.Number("max_results");
        if (asked is < 0 or (> 0 and < SmallestPage)) throw DatabricksException.Invalid($"Invalid value for max_results: must be 0 or at least {SmallestPage}.");
        var scope = $"{call.Operation.Name}/{call.Caller.Name}/{call.Route("securable_type")}/{call.Route("full_name")}/{call.Query("principal")}";
        var from = call.Query("page_token") is { } token ? call.Runtime.PageTokens.Read(scope, token) : null;
        var room = asked is null && from is null ? int.MaxValue : asked is null or 0 ? 1000 : asked.Value;
        string? last = null;
        var more = false;
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("privilege_assignments");
        foreach (var (principal, privileges) in assignments.Where(entry => from is null || string.CompareOrdinal(entry.Principal, from) > 0))
        {
            if (last is not null && privileges.Length > room)
            {
                more = true;
                break;
            }

            room -= privileges.Length;
            last = principal;
            call.Json.WriteStartObject();
            WritePrincipal(call, principal);
            call.Json.WriteStartArray("privileges");
            foreach (var privilege in privileges) write(privilege);
            call.Json.WriteEndArray();
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        if (more) call.Json.WriteString("next_page_token", call.Runtime.PageTokens.Write(scope, last!));
        call.Json.WriteEndObject();
    }
}
