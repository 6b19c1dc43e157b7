using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>A relation that shows what is in a table under a name of its own: a view, a parent, a partition.</summary>
/// <param name="Table">Whose rows are shown, by oid.</param>
/// <param name="Through">By what, by oid.</param>
/// <param name="Way">How.</param>
internal sealed record Reveal(long Table, long Through, RevealWay Way);

/// <summary>How a relation shows what is in a table.</summary>
internal enum RevealWay
{
    /// <summary>It is a view with its owner's rights.</summary>
    View = 0,

    /// <summary>It is the parent: all of the table.</summary>
    Parent = 1,

    /// <summary>It is a partition: a part of the table.</summary>
    Partition = 2,
}

/// <summary>
/// Finds the ways by which registered people read what no policy allows them, and who else reads it. A way is told only of whom it shows more than policies
/// do: of the whole object, or of rows that are filtered for them.
/// </summary>
internal sealed class Residuals(AccessIntent intent, DesiredState desired, ServerRoles roles)
{
    // Of one way into one object, so many people are named; of a role with more, the role is.
    private const int MostNamed = 50;

    private const string ReadAllData = "pg_read_all_data";

    private static readonly string[] ServerFiles = ["pg_read_server_files", "pg_execute_server_program", "pg_write_server_files"];

    private readonly Readers _readers = new(intent, desired);
    private readonly HashSet<Residual> _found = [];
    private readonly HashSet<Residual> _unregistered = [];
    private readonly Dictionary<ObjectPath, IntendedObject> _asked = intent.Objects.ToDictionary(o => o.Object.Path);
    private readonly Dictionary<long, List<(string Identity, string Way)>> _peopleOf = [];
    private readonly List<(string Identity, string Way, bool PassesRowRules)> _mighty = [];
    private readonly HashSet<string> _readingAll = new(StringComparer.Ordinal);
    private readonly HashSet<long> _registered = [];
    private readonly HashSet<ObjectPath> _views = [.. desired.Facts.Where(f => f.Key.Kind == FactKind.Mask).Select(f => f.Key.Object!)];

    /// <summary>The ways.</summary>
    public IReadOnlyList<Residual> Found => [.. _found];

    /// <summary>Who else reads.</summary>
    public IReadOnlyList<Residual> Unregistered => [.. _unregistered];

    /// <summary>Looks at people: what they can come to be.</summary>
    public void AddPeople()
    {
        foreach (var identity in intent.Identities)
        {
            if (roles.Find(identity.Name) is not { IsAccount: false, Owner: MarkOwner.Nobody } login || !_registered.Add(login.Oid)) continue;
            AddPerson(login.Oid, identity.Name, "");
            AddMight(identity.Name, login, "");
            foreach (var role in roles.Reachable(login).Where(r => r.Owner != MarkOwner.ThisInstance))
            {
                AddPerson(role.Oid, identity.Name, $"member of role {role.Name}, which ");
                AddMight(identity.Name, role, $"member of role {role.Name}, which ");
            }
        }
    }

    /// <summary>Looks at the tables of a database.</summary>
    public void Add(IReadOnlyList<GovernedTable> tables, IReadOnlyList<TableGrant> grants, IReadOnlyList<Reveal> reveals)
    {
        var byOid = tables.ToDictionary(t => t.Oid);
        var reading = grants.Where(g => g.Privilege.Name == Privilege.Select && byOid.ContainsKey(g.Table)).ToLookup(g => g.Table);
        var shown = reveals.ToLookup(r => r.Table);
        foreach (var table in tables)
        {
            if (!_asked.TryGetValue(table.Path, out var item)) continue;
            AddOwner(item, table);
            foreach (var (identity, way, passesRowRules) in _mighty)
                if (!(passesRowRules ? _readers.Unfiltered(item) : _readers.Wholly(table.Path)).Contains(identity)) Tell(table.Path, identity, way);
            foreach (var grant in reading[table.Oid]) AddGrant(table, grant, byOid[grant.Table].Owner);
            foreach (var (through, way) in Through(table.Oid, shown)) AddReveal(item, byOid, reading, through, way);
        }
    }

    private void AddPerson(long role, string identity, string way)
    {
        if (!_peopleOf.TryGetValue(role, out var people)) _peopleOf[role] = people = [];
        people.Add((identity, way));
    }

    private void AddMight(string identity, ServerRole role, string way)
    {
        if (role.IsSuperuser) _mighty.Add((identity, $"{way}{(way.Length > 0 ? "is " : "")}superuser", true));
        else if (role.MayCreateRoles) _mighty.Add((identity, $"{way}may make and change roles (CREATEROLE)", false));
        if (!role.IsSuperuser && role.BypassesRowSecurity) _mighty.Add((identity, $"{way}bypasses row security (BYPASSRLS)", true));
        if (role.Name.Text == ReadAllData)
        {
            _mighty.Add((identity, $"member of {ReadAllData}", false));
            _readingAll.Add(identity);
        }

        if (ServerFiles.Contains(role.Name.Text, StringComparer.Ordinal)) _mighty.Add((identity, $"member of {role.Name}, which reaches the server's files", true));
    }

    private void AddOwner(IntendedObject item, GovernedTable table)
    {
        Tell(table.Path, table.Owner, "owns it", _readers.Unfiltered(item));
        if (roles.Find(table.Owner) is { IsAccount: false } owner && !_registered.Contains(owner.Oid)) _unregistered.Add(new Residual(table.Path, owner.Name.Text, "owns it"));
    }

    private void AddGrant(GovernedTable table, TableGrant grant, long owner)
    {
        if (grant.Grantee == owner) return;
        var by = roles.Find(grant.Grantor)?.Name.Text ?? "a role that is gone";
        var what = $"was granted {grant.Privilege} by {by}";
        var allowed = _readers.Of(table.Path, grant.Privilege);
        if (grant.Grantee == 0) TellOfEverybody(table.Path, $"PUBLIC {what}", allowed);
        if (roles.Find(grant.Grantee) is not { IsAccount: false, Owner: MarkOwner.Nobody or MarkOwner.OtherInstance } grantee) return;
        if (!_registered.Contains(grant.Grantee)) _unregistered.Add(new Residual(table.Path, grantee.Name.Text, what));
        else if (!grant.IsRevocable && !allowed.Contains(grantee.Name.Text))
            Tell(table.Path, grantee.Name.Text, $"{what}, which only that role can take back");
        Tell(table.Path, grant.Grantee, what, allowed, directToo: false);
    }

    private void AddReveal(
        IntendedObject item, Dictionary<long, GovernedTable> byOid, ILookup<long, TableGrant> reading, long through, RevealWay revealed)
    {
        // A partition with policies of its own is read as these say.
        if (!byOid.TryGetValue(through, out var relation) || (revealed == RevealWay.Partition && _asked.ContainsKey(relation.Path))) return;
        var path = item.Object.Path;
        var way = $"reads it {InWords(revealed)} {relation.Path.Parent!.Name}.{relation.Path.Name}";
        var allowed = _readers.Unfiltered(item);
        if (_views.Contains(relation.Path))
        {
            AddView(path, relation.Path, way, reading[through]);
            return;
        }

        // Who may read all of the table is told nothing above, and yet row rules hold for them.
        foreach (var identity in _readers.Wholly(path).Where(i => _readingAll.Contains(i) && !allowed.Contains(i)))
            Tell(path, identity, $"member of {ReadAllData} and {way}");
        foreach (var identity in _readers.AtAll(relation.Path).Except(allowed).Order(StringComparer.Ordinal).Take(MostNamed)) Tell(path, identity, way);
        foreach (var grant in reading[through].Where(g => g.Grantee != relation.Owner))
        {
            if (grant.Grantee == 0) TellOfEverybody(path, $"PUBLIC {way}", allowed);
            else Tell(path, grant.Grantee, way, allowed);
        }

        Tell(path, relation.Owner, $"owns {relation.Path.Parent!.Name}.{relation.Path.Name} and {way}", allowed);
    }

    // A view of ours shows everybody what they may see, if they may read it: only who may not reads more.
    private void AddView(ObjectPath path, ObjectPath view, string way, IEnumerable<TableGrant> reading)
    {
        var allowed = _readers.AtAll(view);
        foreach (var grant in reading)
        {
            if (grant.Grantee == 0) TellOfEverybody(path, $"PUBLIC {way}", allowed);
            else Tell(path, grant.Grantee, way, allowed, directToo: !grant.IsRevocable);
        }
    }

    private static List<(long Through, RevealWay Way)> Through(long table, ILookup<long, Reveal> shown)
    {
        var (found, seen, open) = (new List<(long, RevealWay)>(), new HashSet<long> { table }, new Queue<(long Oid, bool IsPart)>([(table, true)]));
        while (open.TryDequeue(out var next))
        {
            // What the parent of a table shows in other partitions is not the table's.
            foreach (var reveal in shown[next.Oid].Where(r => (r.Way != RevealWay.Partition || next.IsPart) && seen.Add(r.Through)))
            {
                found.Add((reveal.Through, reveal.Way));
                open.Enqueue((reveal.Through, reveal.Way == RevealWay.Partition));
            }
        }

        return found;
    }

    private static string InWords(RevealWay way) => way switch
    {
        RevealWay.View => "through view",
        RevealWay.Parent => "through its parent",
        _ => "by the name of its partition",
    };

    private void Tell(ObjectPath path, long role, string way, IReadOnlySet<string> allowed, bool directToo = true)
    {
        var people = _peopleOf.GetValueOrDefault(role, []).Where(p => (directToo || p.Way.Length > 0) && !allowed.Contains(p.Identity)).ToList();
        foreach (var (identity, membership) in people.Take(MostNamed)) Tell(path, identity, membership + way);
        if (people.Count > MostNamed) Tell(path, "", $"role {roles.Find(role)!.Name} {way}; {people.Count} registered people are members");
    }

    private void TellOfEverybody(ObjectPath path, string way, IReadOnlySet<string> allowed)
    {
        if (!intent.Identities.All(i => allowed.Contains(i.Name))) Tell(path, "", way);
    }

    private void Tell(ObjectPath path, string identity, string way) => _found.Add(new Residual(path, identity, way));
}
