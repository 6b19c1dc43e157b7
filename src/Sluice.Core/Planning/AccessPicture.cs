using System.Runtime.InteropServices;

namespace Sluice.Core.Planning;

/// <summary>Who reads what before and after some changes. Objects that nothing changes are only counted; of the others those that are alike are looked at once.</summary>
internal sealed class AccessPicture
{
    private readonly FactNumbers _numbers;
    private readonly ObjectSurfaces _surfaces;
    private readonly ILookup<int, NumberedChange> _changes;
    private readonly HashSet<int> _touched = [];
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly List<Group> _inOrder = [];
    private readonly List<int> _signature = [];
    private NumberedKey[] _buffer = [];

    /// <summary>Looks at all objects.</summary>
    /// <param name="facts">What is there before.</param>
    /// <param name="numbers">The numbers of both.</param>
    /// <param name="changes">What changes.</param>
    /// <param name="depth">Of the objects that count.</param>
    /// <param name="isUncovering">Whether somebody is told more than before by what rules know of people.</param>
    public AccessPicture(FactTable facts, FactNumbers numbers, IReadOnlyList<Change> changes, int depth, bool isUncovering)
    {
        _numbers = numbers;
        var numbered = changes.Select(c => new NumberedChange(numbers.Of(c.Key), c.Verb == ChangeVerb.Remove)).ToList();
        _changes = numbered.ToLookup(static c => c.Key.Object);
        _surfaces = new ObjectSurfaces(facts, numbers);
        Before = AudienceMembers.Of(facts.Keys);
        After = Before.After(numbered, _touched);
        var readers = new ReaderCount(Before);
        for (var on = 0; on < numbers.ObjectCount; on++)
        {
            if (numbers.PathOf(on).Depth != depth) continue;
            var count = _surfaces.CountOn(on);
            if (_buffer.Length < count) _buffer = new NumberedKey[count * 2];
            var surface = _surfaces.Read(on, _buffer);
            if (_changes.Contains(on) || IsTouched(surface, isUncovering)) Put(on, surface);
            else UnchangedPairs += readers.Of(surface);
        }
    }

    /// <summary>Who belongs to which audience before.</summary>
    public AudienceMembers Before { get; }

    /// <summary>Who belongs to which audience after.</summary>
    public AudienceMembers After { get; }

    /// <summary>The pairs of a reader and an object on which nothing changes.</summary>
    public long UnchangedPairs { get; }

    /// <summary>The other objects, those together that are alike before and after.</summary>
    public IReadOnlyList<Group> Changed => _inOrder;

    private bool IsTouched(ReadOnlySpan<NumberedKey> surface, bool isUncovering)
    {
        if (_touched.Count == 0 && !isUncovering) return false;
        foreach (var key in surface)
            if (key.Kind == FactKind.Grant ? _touched.Contains(key.Subject) : isUncovering) return true;
        return false;
    }

    private void Put(int on, ReadOnlySpan<NumberedKey> surface)
    {
        var becomes = new HashSet<NumberedKey>(surface.Length);
        foreach (var key in surface) becomes.Add(key);
        foreach (var (key, isRemoved) in _changes[on])
        {
            if (isRemoved) becomes.Remove(key);
            else becomes.Add(key);
        }

        var (before, after) = (InOrder(surface.ToArray()), InOrder([.. becomes]));
        _signature.Clear();
        _signature.Add(before.Length);
        foreach (var key in before.Concat(after)) _signature.AddRange([(int)key.Kind, key.Detail, key.Subject]);
        var lookup = _groups.GetAlternateLookup<ReadOnlySpan<char>>();
        var name = MemoryMarshal.Cast<int, char>(CollectionsMarshal.AsSpan(_signature));
        if (!lookup.TryGetValue(name, out var group)) _inOrder.Add(lookup[name] = group = new Group(before, after));
        group.Objects.Add(on);
    }

    private static NumberedKey[] InOrder(NumberedKey[] keys)
    {
        Array.Sort(keys, static (x, y) =>
        {
            var order = x.Kind.CompareTo(y.Kind);
            if (order == 0) order = x.Detail.CompareTo(y.Detail);
            return order != 0 ? order : x.Subject.CompareTo(y.Subject);
        });
        return keys;
    }

    /// <summary>Objects with the same on them before, and the same after.</summary>
    public sealed class Group(NumberedKey[] before, NumberedKey[] after)
    {
        /// <summary>The grants before, in the order of their details.</summary>
        public NumberedKey[] GrantsBefore { get; } = [.. before.Where(static k => k.Kind == FactKind.Grant)];

        /// <summary>The grants after, likewise.</summary>
        public NumberedKey[] GrantsAfter { get; } = [.. after.Where(static k => k.Kind == FactKind.Grant)];

        /// <summary>Whether any protection is there after.</summary>
        public bool IsProtected { get; } = after.Any(static k => k.Kind != FactKind.Grant);

        /// <summary>Whether a protection goes.</summary>
        public bool IsUnprotected { get; } = before.Except(after).Any(static k => k.Kind != FactKind.Grant);

        /// <summary>Their numbers.</summary>
        public List<int> Objects { get; } = [];
    }
}
