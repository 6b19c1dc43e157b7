using System.Runtime.InteropServices;
using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>A fact's key in the numbers of <see cref="FactNumbers"/>.</summary>
/// <param name="Object">The object; <see cref="FactNumbers.NoObject"/> for what belongs to none.</param>
/// <param name="Subject">The subject's name.</param>
/// <param name="Detail">The detail's text.</param>
/// <param name="Kind">What it is about.</param>
internal readonly record struct NumberedKey(int Object, int Subject, int Detail, FactKind Kind);

/// <summary>Numbers the objects and names that facts are about, so that a million keys are compared without reading their texts again and again.</summary>
internal sealed class FactNumbers
{
    /// <summary>The number of no object.</summary>
    public const int NoObject = -1;

    private readonly Dictionary<ObjectPath, int> _objects = [];
    private readonly List<ObjectPath> _paths = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly (string? Name, int Number)[] _recent = new (string?, int)[64];
    private ObjectPath? _last;
    private int _lastNumber;

    /// <summary>How many objects have a number: those below it.</summary>
    public int ObjectCount => _paths.Count;

    /// <summary>How many names have a number: those below it.</summary>
    public int NameCount => _names.Count;

    /// <summary>The key in numbers; what is new gets one.</summary>
    public NumberedKey Of(FactKey key) => new(NumberOf(key.Object), NumberOf(key.Subject), NumberOf(key.Detail), key.Kind);

    /// <summary>The object of a number.</summary>
    public ObjectPath PathOf(int number) => _paths[number];

    /// <summary>The name of a number.</summary>
    public string NameOf(int number) => _names[number];

    /// <summary>A name's number; a new one gets one.</summary>
    public int NumberOf(string name)
    {
        // Privileges, and whoever has several facts in a row, mostly come as the same text in memory, which then need not be read.
        ref var recent = ref _recent[name.Length == 0 ? 0 : (name[0] * 7 + name[^1]) % _recent.Length];
        if (ReferenceEquals(recent.Name, name)) return recent.Number;
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, name, out var isKnown);
        if (!isKnown)
        {
            number = _names.Count;
            _names.Add(name);
        }

        recent = (name, number);
        return number;
    }

    // Facts of one object mostly come one after the other.
    private int NumberOf(ObjectPath? path)
    {
        if (path is null) return NoObject;
        if (ReferenceEquals(path, _last)) return _lastNumber;
        if (!_objects.TryGetValue(path, out var number))
        {
            _objects.Add(path, number = _paths.Count);
            _paths.Add(path);
        }

        (_last, _lastNumber) = (path, number);
        return number;
    }
}
