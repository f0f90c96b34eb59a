"""Files of every kind, written here with FFmpeg, and files that are none."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import odd_audio
import pytest
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from voicecoach.errors import AudioFileError
from voicecoach.sound import decoding
from voicecoach.sound.clip import Samples

RATE = 44_100
HERTZ = 440.0
KINDS = {
    "mp3": ("libmp3lame", 44_100, "stereo"),
    "m4a": ("aac", 44_100, "mono"),
    "opus": ("libopus", 48_000, "stereo"),
    "flac": ("flac", 96_000, "mono"),
    "wav": ("pcm_u8", 7_919, "mono"),
    "mka": ("pcm_s24le", 32_000, "5.1"),
}
"""Suffix: codec, rate and layout; the odd ones on purpose."""


def sine(seconds: float, rate: int) -> npt.NDArray[np.float32]:
    return np.asarray(0.25 * np.sin(2 * np.pi * HERTZ * np.arange(round(seconds * rate)) / rate), dtype=np.float32)


def written(path: Path, seconds: float, codec: str, rate: int, layout: str) -> Path:
    """A sine, the same in every channel."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, AudioStream)
        stream.layout = layout
        channels = np.repeat(sine(seconds, rate)[None, :], stream.layout.nb_channels, axis=0)
        frame = av.AudioFrame.from_ndarray(channels, format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return path


def black() -> av.VideoFrame:
    """A picture."""
    picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), dtype=np.uint8), format="rgb24")
    picture.pts, picture.time_base = 0, Fraction(1, 10)
    return picture


def is_the_sine(samples: Samples) -> bool:
    """Whether its middle is the sine, and no quieter."""
    middle = samples[samples.shape[0] // 4 : samples.shape[0] * 3 // 4].mean(axis=1)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(middle.size)))
    pitch = float(np.argmax(spectrum)) * RATE / middle.size
    return abs(pitch - HERTZ) < 3 and float(np.abs(middle).max()) > 0.15


@pytest.mark.parametrize("suffix", KINDS)
@pytest.mark.parametrize("channels", [1, 2])
def test_any_kind_of_file_is_read(suffix: str, channels: int, tmp_path: Path) -> None:
    clip = decoding.read(written(tmp_path / f"tone.{suffix}", 1.0, *KINDS[suffix]), RATE, channels)
    assert (clip.rate, clip.channels) == (RATE, channels)
    assert clip.seconds == pytest.approx(1.0, abs=0.06)
    assert is_the_sine(clip.samples)


def test_samples_that_need_no_conversion_come_unchanged(tmp_path: Path) -> None:
    values = np.arange(-3000, 3000, dtype=np.int16)
    with wave.open(str(tmp_path / "ramp.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(values.astype("<i2").tobytes())
    clip = decoding.read(tmp_path / "ramp.wav", RATE, 1)
    assert np.array_equal(clip.samples[:, 0] * 32768, values)


def test_a_stream_comes_in_blocks_of_one_size(tmp_path: Path) -> None:
    path = written(tmp_path / "tone.mp3", 1.5, *KINDS["mp3"])
    blocks = list(decoding.stream(path, RATE, 2))
    assert {block.shape for block in blocks[:-1]} == {(decoding.BLOCK, 2)}
    assert 0 < blocks[-1].shape[0] <= decoding.BLOCK
    assert np.array_equal(np.concatenate(blocks), decoding.read(path, RATE, 2).samples)


def test_a_file_whose_rate_changes_on_the_way_is_read_through(tmp_path: Path) -> None:
    one = written(tmp_path / "one.mp3", 1.0, "libmp3lame", 44_100, "stereo")
    two = written(tmp_path / "two.mp3", 1.0, "libmp3lame", 48_000, "mono")
    both = tmp_path / "both.mp3"
    both.write_bytes(one.read_bytes() + two.read_bytes())
    clip = decoding.read(both, RATE, 1)
    assert clip.seconds == pytest.approx(2.0, abs=0.2)
    assert is_the_sine(clip.samples[: RATE * 9 // 10])
    assert is_the_sine(clip.samples[-RATE * 9 // 10 :])


def test_damage_in_the_middle_is_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "tone.mp3", 3.0, *KINDS["mp3"])
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : third + 2000] = np.random.default_rng(1).bytes(2000)
    path.write_bytes(content)
    assert decoding.read(path, RATE, 1).seconds == pytest.approx(3.0, abs=0.5)


def test_half_a_file_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    path = written(tmp_path / "tone.mp3", 2.0, *KINDS["mp3"])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert decoding.read(path, RATE, 1).seconds == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("name", ["12:30 go.mp3", "ñandú 🎵.mp3", "-i.mp3", "%d.mp3", "pipe:0"])
def test_any_name_of_a_file_will_do(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        path = written(tmp_path / "tone.mp3", 0.5, *KINDS["mp3"]).rename(tmp_path / name)
    except OSError:
        pytest.skip("this system has no such file names")
    next(decoding.stream(path, RATE, 1))
    monkeypatch.chdir(tmp_path)
    next(decoding.stream(Path(name), RATE, 1))


def test_a_cover_picture_does_not_stand_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "song.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=10)
        audio = container.add_stream("flac", rate=RATE)
        assert isinstance(video, VideoStream)
        assert isinstance(audio, AudioStream)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        audio.layout = "mono"
        sound = av.AudioFrame.from_ndarray((sine(1.0, RATE)[None, :] * 32767).astype(np.int16), "s16p", "mono")
        sound.sample_rate, sound.pts, sound.time_base = RATE, 0, Fraction(1, RATE)
        picture = black()
        for packet in (*video.encode(picture), *video.encode(None), *audio.encode(sound), *audio.encode(None)):
            container.mux(packet)
    assert is_the_sine(decoding.read(path, RATE, 1).samples)


def refused(path: Path) -> str:
    with pytest.raises(AudioFileError) as caught:
        decoding.read(path, RATE, 1)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"", "mp3"),
        (b"just words", "mp3"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "wav"),
        (np.random.default_rng(5).bytes(50_000), "wav"),
        (np.random.default_rng(5).bytes(50_000), "mp3"),
        (b"#EXTM3U\nhttp://127.0.0.1:9/song.mp3\n", "m3u8"),
    ],
)
def test_what_is_no_audio_is_said_to_be_none(content: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"thing.{suffix}"
    path.write_bytes(content)
    assert "no audio" in refused(path)


def test_a_file_cut_off_before_its_sound_begins_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "tone.m4a", 1.0, *KINDS["m4a"])
    path.write_bytes(path.read_bytes()[:600])
    assert "no audio" in refused(path)


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
    assert "no audio" in refused(path)


def test_pictures_alone_are_no_audio(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        picture = black()
        for packet in (*stream.encode(picture), *stream.encode(None)):
            container.mux(packet)
    assert "no audio, only video" in refused(path)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    assert "not there" in refused(tmp_path / "nowhere.mp3")
    assert "folder" in refused(tmp_path)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "tone.mp3", 0.5, *KINDS["mp3"])

    def denied(self: Path, mode: str = "r") -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", denied)
    assert "permission denied" in refused(path)


@pytest.mark.parametrize(("value", "height"), [(np.nan, 0), (np.inf, 0), (-np.inf, 0), (3e38, decoding.LOUDEST)])
@pytest.mark.parametrize("width", ["<f4", "<f8"])
def test_only_numbers_leave_a_file(value: float, height: float, width: str, tmp_path: Path) -> None:
    samples = np.zeros(RATE * 5, dtype=width)
    samples[RATE * 7 // 2] = value if width == "<f4" else np.float64(value) * (1e200 if height else 1)
    path = tmp_path / "float.wav"
    path.write_bytes(odd_audio.wav(samples.tobytes(), kind=odd_audio.FLOATS, bits=samples.itemsize * 8))
    if height:
        assert decoding.read(path, RATE, 1).samples.max() == height
        return
    for find in (lambda: decoding.read(path, RATE, 1), lambda: decoding.scan(path)):
        with pytest.raises(AudioFileError, match=r"float\.wav: holds samples that are no numbers at 0:03"):
            find()


def test_loud_floats_stay_what_they_are(tmp_path: Path) -> None:
    """Some programs write floats of the scale of 16 bits."""
    samples = (odd_audio.sine() * 32_768).astype("<f4")
    path = tmp_path / "float.wav"
    path.write_bytes(odd_audio.wav(samples.tobytes(), kind=odd_audio.FLOATS, bits=32))
    assert np.array_equal(decoding.read(path, RATE, 1).samples[:, 0], samples)


def test_what_decodes_to_no_numbers_elsewhere_is_damage_and_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "float.wav"
    path.write_bytes(odd_audio.with_samples(s20000=np.nan))
    monkeypatch.setattr(decoding, "_stores_floats", lambda track: False)
    clip = decoding.read(path, RATE, 1)
    assert np.isfinite(clip.samples).all()
    assert 0.5 < clip.seconds < 1


@pytest.mark.parametrize("suffix", ["wav", "m4a", "flac"])
def test_eight_channels_are_mixed(suffix: str, tmp_path: Path) -> None:
    codec = {"wav": "pcm_f32le", "m4a": "aac", "flac": "flac"}[suffix]
    path = tmp_path / f"tone.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        assert isinstance(stream, AudioStream)
        stream.layout = "7.1"
        packed = np.repeat(sine(1.0, RATE), 8)[None, :] * np.float32(0.2)
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout="7.1")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    assert is_the_sine(decoding.read(path, RATE, 1).samples)


def test_files_that_name_others_are_not_followed(tmp_path: Path) -> None:
    written(tmp_path / "tone.wav", 1.0, "pcm_s16le", RATE, "mono")
    path = tmp_path / "list.wav"
    path.write_text("ffconcat version 1.0\nfile tone.wav\n")
    assert "no audio file" in refused(path)


def test_a_frame_that_lasts_an_hour_comes_in_blocks(tmp_path: Path) -> None:
    path = tmp_path / "slow.m4a"
    odd_audio.in_long_frames(path)
    blocks = decoding.stream(path, RATE, 2)
    assert [next(blocks).shape for _ in range(5)] == [(decoding.BLOCK, 2)] * 5
