using System.Collections.Immutable;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Engine.Enforcing;

namespace Sluice.Bench.Clouds;

/// <summary>
/// Tables, people and policies on a cloud: each table is tagged for one audience, each person is in one of the groups, some tables have a masked column and some a row rule.
/// A change of it is a change of people, tags or policies, never of what the platform is told.
/// </summary>
internal sealed record CloudScene
{
    public const string Prefix = "SLUICE";

    /// <summary>The group that sees past masks and row rules.</summary>
    public const string Exempt = "Exempt";

    /// <summary>What people are known by to row rules.</summary>
    public const string Region = "Region";

    /// <summary>The tag of columns that are masked.</summary>
    public const string Masked = "Pii.Email";

    /// <summary>The tag of columns that are masked by another policy, which no table has at first.</summary>
    public const string OtherwiseMasked = "Pii.Phone";

    private const string Filtered = "Geo.Region";
    private const int Regions = 12;
    private const int OneMaskedOf = 5;
    private const int OneFilteredOf = 10;
    private const int OneExemptOf = 20;

    public required ICloud Cloud { get; init; }

    public required ImmutableList<GovernedObject> Tables { get; init; }

    public required ImmutableList<Person> People { get; init; }

    /// <summary>Own subscriptions: who reads which table by one, by the table's number.</summary>
    public ImmutableDictionary<int, string> Subscribed { get; init; } = ImmutableDictionary<int, string>.Empty;

    public required int Audiences { get; init; }

    /// <summary>Makes one.</summary>
    /// <param name="cloud">Where.</param>
    /// <param name="people">How many of the cloud's people.</param>
    /// <param name="audiences">How many audiences the tables and the people are spread over.</param>
    /// <param name="hasRules">Whether there are masks and row rules.</param>
    public static CloudScene Of(ICloud cloud, int people, int audiences, bool hasRules = true) => new()
    {
        Cloud = cloud,
        Audiences = audiences,
        Tables = [.. cloud.Tables.Select((t, i) => Governed(cloud, t, i, audiences, hasRules))],
        People = [.. Enumerable.Range(0, people).Select(i => Somebody(cloud.UserOf(i), i, audiences))],
    };

    public static string GroupOf(int audience) => $"Group{audience:D3}";

    public static string TagOf(int audience) => $"Audience.A{audience:D3}";

    public CloudScene WithPerson(int number, Func<Person, Person> change) => this with { People = People.SetItem(number, change(People[number])) };

    public CloudScene WithTable(int number, Func<GovernedObject, GovernedObject> change) => this with { Tables = Tables.SetItem(number, change(Tables[number])) };

    /// <summary>The person is in a further group.</summary>
    public CloudScene Joining(int number, string group) => WithPerson(number, p => p with { Groups = p.Groups.Append(group).ToHashSet(StringComparer.Ordinal) });

    /// <summary>A further audience reads the table.</summary>
    public CloudScene Opening(int number, int audience) => WithTable(number, t => t with { Tags = Sorted(t.Tags.Append(TagOf(audience))) });

    /// <summary>The first column of the table that is a text and in no rule gets a tag.</summary>
    public CloudScene Tagging(int number, string tag) => WithTable(number, t => t with { Columns = Tagged(t.Columns, tag) });

    /// <summary>The tables whose columns allow a mask beside all else, by their numbers.</summary>
    public IReadOnlyList<int> Maskable => [.. Enumerable.Range(0, Tables.Count).Where(i => Tables[i].Columns.Count(IsFree) > 0 && Tables[i].Columns.All(static c => c.Tags.Count == 0))];

    /// <summary>The first table with a masked column, by its number.</summary>
    public int FirstMasked => Tables.FindIndex(static t => t.Columns.Any(static c => c.Tags.Contains(Masked)));

    /// <summary>What is asked for.</summary>
    public AccessIntent Intent()
    {
        var compiler = new AccessCompiler(Policies(Audiences));
        var groups = People.SelectMany(static p => p.Groups).Append(Exempt).Concat(Enumerable.Range(0, Audiences).Select(GroupOf)).ToHashSet(StringComparer.Ordinal);
        var identities = People.Select(static p => new IdentityHolders(p.Id, [p])).ToList();
        var audiences = new IdentityAudiences(new AudienceIndex(new PeopleSnapshot(People, groups, new HashSet<string>(StringComparer.Ordinal) { Region })), identities);
        return new AccessIntent
        {
            Prefix = Prefix,
            OwnContainer = Cloud.OwnContainer,
            Identities = identities,
            MembersOf = audiences.MembersOf,
            Objects = [.. Tables.Select((t, i) => new IntendedObject { Object = t, Access = compiler.Compile(t), DirectReaders = Subscribed.TryGetValue(i, out var reader) ? [reader] : [] })],
        };
    }

    private static IReadOnlyList<Policy> Policies(int audiences) =>
    [
        .. Enumerable.Range(0, audiences).Select(Policy (a) => new SubscriptionPolicy
        {
            Key = $"readers-{a:D3}", Name = $"readers-{a:D3}", Circumstances = [new Circumstance.Tagged(TagOf(a))], Kind = SubscriptionKind.Entitlements, Mode = SubscriptionMode.Shared,
            Advanced = new Predicate.InGroups([GroupOf(a)]),
        }),
        Data("mask-email", Masked, new DataRule.Masking { Fields = [new ColumnSelector.Tagged(Masked)], Function = new MaskFunction.Hash(), Exceptions = Excepted }),
        Data("mask-phone", OtherwiseMasked, new DataRule.Masking { Fields = [new ColumnSelector.Tagged(OtherwiseMasked)], Function = new MaskFunction.Constant("***"), Exceptions = Excepted }),
        Data("rows-region", Filtered, new DataRule.RowsByEntitlements(SetOperator.All, [new EntitlementMatch(new ColumnSelector.Tagged(Filtered), Region)]) { Exceptions = Excepted }),
    ];

    private static Entitlements Excepted => new(SetOperator.Any, [Exempt], []);

    private static DataPolicy Data(string key, string tag, DataRule rule) => new()
    {
        Key = key, Name = key, Circumstances = [new Circumstance.ColumnTagged(tag)], CircumstanceOperator = SetOperator.All, Rules = [rule],
    };

    private static Person Somebody(string name, int number, int audiences) => new()
    {
        Id = name,
        Username = name,
        Groups = number % OneExemptOf == 0
            ? new HashSet<string>(StringComparer.Ordinal) { GroupOf(number % audiences), Exempt }
            : new HashSet<string>(StringComparer.Ordinal) { GroupOf(number % audiences) },
        Attributes = new HashSet<PersonAttribute> { new(Region, $"Region{number % Regions:D2}") },
    };

    private static GovernedObject Governed(ICloud cloud, DiscoveredObject table, int number, int audiences, bool hasRules)
    {
        var columns = table.Columns.Select(c => new GovernedColumn(c.Name, c.Type ?? "", [], cloud.FamilyOf(c.Type ?? ""))).ToValueList();
        if (hasRules && number % OneMaskedOf == 0) columns = Tagged(columns, Masked);
        if (hasRules && number % OneFilteredOf == 0) columns = Tagged(columns, Filtered);
        return new GovernedObject { Path = table.Path, Kind = table.Kind, Tags = [TagOf(number % audiences)], Columns = columns };
    }

    private static ValueList<GovernedColumn> Tagged(ValueList<GovernedColumn> columns, string tag)
    {
        var free = columns.FirstOrDefault(IsFree);
        return free is null ? columns : columns.Select(c => ReferenceEquals(c, free) ? c with { Tags = [tag] } : c).ToValueList();
    }

    private static bool IsFree(GovernedColumn column) => column is { Family: ColumnFamily.Text, Tags.Count: 0 };

    private static ValueList<string> Sorted(IEnumerable<string> tags) => tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList();
}
