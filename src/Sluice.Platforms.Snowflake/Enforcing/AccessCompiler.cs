using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Puts an intent in Snowflake's terms: a role per audience, granted to people's users; grants to roles, USAGE on the way down; masking and row access
/// policies that tables which are treated alike share; and rows about people, so that a change of a person is a row and no DDL.
/// </summary>
internal sealed class AccessCompiler
{
    private const string OnTheWay = "on the way to what the audience may read";
    private const string ToSee = "by which Sluice sees what is granted here; it reads no data";
    private const string Rests = "what masks and row rules rest on";
    private const string Calls = "what custom masks call";
    private const string BySettings = "whoever it is, or has this role, is left alone by masks and row rules: the connection's settings say so";
    private const string AboutPeople = "what masks and row rules ask about people";

    private const string RolesAreUnknown =
        "of those whom the connection's settings leave alone, it is kept by users whom they name, and not by who has a role that they name: who that is can't be known before a session";

    private readonly AccessIntent _intent;
    private readonly HashSet<string> _named;
    private readonly NativeNames _names;
    private readonly MaskFunctions _functions;
    private readonly Lazy<string> _support;
    private readonly string? _systemRole;
    private readonly Dictionary<FactKey, DesiredFact> _facts = [];
    private readonly List<Shortfall> _shortfalls = [];
    private readonly HashSet<string> _audiences = new(StringComparer.Ordinal);
    private readonly Dictionary<(AudienceId Rule, string Why), string> _reasons = [];
    private readonly AlikeProtections _protections;
    private readonly Mentions _mentions = new();
    private readonly Dictionary<AudienceId, AccessRule> _exempt = [];

    private AccessCompiler(AccessIntent intent)
    {
        _intent = intent;
        _named = intent.ExemptRoles.ToHashSet(StringComparer.Ordinal);
        _names = new NativeNames(intent.Prefix, intent.OwnContainer);
        _functions = new MaskFunctions(Technology.Snowflake, intent.MaskFunctionSchemas, intent.OwnContainer);
        _protections = new AlikeProtections(item => Protection.Of(_intent, _intent.OwnContainer is null ? null : _names, _functions, item));
        _support = new Lazy<string>(() => new Support(_names).Definition);
        _systemRole = intent.OwnContainer is { } database ? IntegrationSettings.SystemRoleOf(SnowflakeName.Exact(database)).Text : null;
    }

    /// <summary>What shall be so in the account. The same for the same intent.</summary>
    public static DesiredState Compile(AccessIntent intent)
    {
        var compiler = new AccessCompiler(intent);
        foreach (var item in intent.Objects) compiler.Add(item);
        compiler.AddPeople();
        return new DesiredState([.. compiler._facts.Values], compiler._shortfalls);
    }

    /// <summary>What keeps a text from being the name of a user who can be granted something, or null.</summary>
    public static string? UserProblem(string name) => Quote.NameProblem(name) ?? (name.StartsWith(RoleMember.Prefix, StringComparison.Ordinal) ? "is spelled like a role" : null);

    private void Add(IntendedObject item)
    {
        var path = item.Object.Path;
        if (Array.Exists([.. path.Names.Skip(1)], n => Quote.NameProblem(n) is not null))
        {
            _shortfalls.Add(new Shortfall(path, "cannot enforce: Sluice writes no statement with such a name, so nobody is granted it"));
            return;
        }

        AddSight(item);
        var protection = _protections.Of(item);
        foreach (var reason in protection.Shortfalls) _shortfalls.Add(new Shortfall(path, reason));
        foreach (var predicate in protection.Mentions) _mentions.Add(predicate, item.Object);
        foreach (var rule in protection.Exempt) _exempt.TryAdd(rule.Id, rule);
        foreach (var call in protection.Calls) Fact(FactKind.Support, null, call.Name, CallingFunction.Detail, call.Definition, Calls);
        foreach (var policy in protection.Policies) Add(item.Object, policy);
        foreach (var kept in item.Unprotectable?.Kept ?? []) Fact(kept.Key.Kind, kept.Key.Object, kept.Key.Subject, kept.Key.Detail, kept.Definition, kept.Reason);

        var why = string.Join(", ", item.Access.SubscriptionPolicies);
        var writing = ObjectKinds.IsWritable(item.Object.Kind) ? Privilege.Writing : [];
        if (writing.Count == 0 && (!item.Access.Write.Equals(AccessRule.Nobody) || item.DirectWriters.Count > 0))
            _shortfalls.Add(new Shortfall(path, $"nobody can write to {ObjectKinds.Keyword(item.Object.Kind).ToLowerInvariant()}s"));
        Grant(item, AccessRule.All([item.Access.Read, .. protection.Narrowing]), [Privilege.Select], why);
        if (writing.Count > 0) Grant(item, AccessRule.All([item.Access.Write, .. protection.Narrowing]), writing, why);
        var own = $"{why}: a subscription of their own";
        GrantDirectly(item, item.DirectReaders.Where(MayStill), [Privilege.Select], own);
        if (writing.Count > 0) GrantDirectly(item, item.DirectWriters.Where(MayStill), writing, own);
        if (protection.Narrowing.Count == 0) return;
        if (_named.Except(_intent.Identities.Select(static i => i.Name)).Any()) _shortfalls.Add(new Shortfall(path, RolesAreUnknown));
        var leftAlone = $"{why}: users whom the connection's settings leave alone";
        GrantDirectly(item, LeftAlone(item.Access.Read), [Privilege.Select], leftAlone);
        if (writing.Count > 0) GrantDirectly(item, LeftAlone(item.Access.Write), writing, leftAlone);

        bool MayStill(string identity) => _named.Contains(identity) || IsExempt(identity);

        bool IsExempt(string identity) => protection.Narrowing.All(r => _intent.MembersOf(r).Contains(identity, StringComparer.Ordinal));

        IEnumerable<string> LeftAlone(AccessRule rule) => _named.Count == 0 ? [] : _intent.MembersOf(rule).Where(i => _named.Contains(i) && !IsExempt(i));
    }

    // The role that observes is shown an object's grants where it has something on it itself.
    private void AddSight(IntendedObject item)
    {
        if (_systemRole is null) return;
        var path = item.Object.Path;
        Fact(FactKind.Support, path, _systemRole, Privilege.Of(ObjectKinds.Seeing(item.Object.Kind), item.Object.Kind).ToString(), "", ToSee);
        Fact(FactKind.Support, path.Parent!, _systemRole, Privilege.Usage, "", ToSee);
        Fact(FactKind.Support, path.Parent!.Parent!, _systemRole, Privilege.Usage, "", ToSee);
    }

    private void Add(GovernedObject of, SetPolicy policy)
    {
        Fact(FactKind.Support, null, Support.Subject, "", _support.Value, Rests);
        Fact(FactKind.Support, null, policy.Name, PolicyText.Detail, policy.Text, policy.Reason);
        var key = policy.KeyOn(of);
        Fact(key.Kind, key.Object, key.Subject, key.Detail, policy.Definition, policy.Reason);
    }

    private void AddPeople()
    {
        if (_exempt.Count == 0) return;
        foreach (var exempt in _exempt.Values)
        {
            var reason = $"exempt: {exempt.Text}";
            foreach (var identity in _intent.MembersOf(exempt).Where(IsStorable)) Fact(FactKind.Exemption, null, identity, exempt.Id.Value, "", reason);
        }

        foreach (var name in _intent.ExemptRoles.Where(IsStorable)) Fact(FactKind.Exemption, null, name, FactKey.FromAll, "", BySettings);
        if (!_intent.ProtectsUnregistered)
            foreach (var identity in _intent.Identities.Where(i => IsStorable(i.Name))) Fact(FactKind.Support, null, identity.Name, Support.Registered, "", Rests);
        if (!_mentions.Any) return;
        var people = new KnownPeople(_intent, IsStorable);
        foreach (var identity in _intent.Identities.Where(i => IsStorable(i.Name)))
            if (people.Of(identity, _mentions) is { } known) Fact(FactKind.Entitlement, null, identity.Name, Support.Known, known, AboutPeople);
    }

    private void Grant(IntendedObject item, AccessRule rule, IEnumerable<string> privileges, string why)
    {
        if (rule.Equals(AccessRule.Nobody)) return;
        if (!_reasons.TryGetValue((rule.Id, why), out var reason)) _reasons[(rule.Id, why)] = reason = $"{why}: {rule.Text}";
        var role = _names.Audience(rule.Id);
        if (_audiences.Add(role))
        {
            Fact(FactKind.Audience, null, role, "", "", reason);
            foreach (var identity in _intent.MembersOf(rule).Where(i => UserProblem(i) is null)) Fact(FactKind.Member, null, role, identity, "", reason);
        }

        Grant(item, role, privileges, reason);
    }

    private void GrantDirectly(IntendedObject item, IEnumerable<string> identities, IReadOnlyList<string> privileges, string why)
    {
        foreach (var identity in identities)
        {
            if (UserProblem(identity) is { } problem)
            {
                _shortfalls.Add(new Shortfall(item.Object.Path, $"{identity} can't be granted anything: as the name of a user it {problem}"));
                continue;
            }

            var (role, reason) = (_names.Person(identity), why);
            Fact(FactKind.Audience, null, role, "", "", reason);
            Fact(FactKind.Member, null, role, identity, "", reason);
            Grant(item, role, privileges, reason);
        }
    }

    private void Grant(IntendedObject item, string role, IEnumerable<string> privileges, string reason)
    {
        var path = item.Object.Path;
        foreach (var privilege in privileges) Fact(FactKind.Grant, path, role, Privilege.Of(privilege, item.Object.Kind).ToString(), "", reason);
        Fact(FactKind.Grant, path.Parent!, role, Privilege.Usage, "", OnTheWay);
        Fact(FactKind.Grant, path.Parent!.Parent!, role, Privilege.Usage, "", OnTheWay);
    }

    private void Fact(FactKind kind, ObjectPath? path, string subject, string detail, string definition, string reason)
    {
        var key = new FactKey(kind, path, subject, detail);
        _facts.TryAdd(key, new DesiredFact(key, definition, reason));
    }

    private static bool IsStorable(string text) => Quote.IsText(text);
}
