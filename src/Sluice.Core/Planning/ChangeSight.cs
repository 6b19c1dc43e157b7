namespace Sluice.Core.Planning;

/// <summary>What an observation tells of a change that somebody was about to make.</summary>
public enum ChangeSight
{
    /// <summary>It is as the change leaves it.</summary>
    Made,

    /// <summary>It is not.</summary>
    NotMade,

    /// <summary>Nobody looked there, or could.</summary>
    NotSeen,
}
