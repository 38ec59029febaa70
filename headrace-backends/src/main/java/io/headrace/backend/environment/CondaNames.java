package io.headrace.backend.environment;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Conda's names for packages that pip calls otherwise, and those that pip does not have: compilers,
 * drivers and libraries that wheels bring along. {@code docs/environments.md} shows the table.
 */
final class CondaNames {
  private static final Map<String, String> PIP_NAME =
      Map.ofEntries(
          Map.entry("pytorch", "torch"),
          Map.entry("pytorch-cpu", "torch"),
          Map.entry("pytorch-gpu", "torch"),
          Map.entry("tensorflow-gpu", "tensorflow"),
          Map.entry("tensorflow-mkl", "tensorflow"),
          Map.entry("keras-gpu", "keras"),
          Map.entry("opencv", "opencv-python-headless"),
          Map.entry("py-opencv", "opencv-python-headless"),
          Map.entry("py-xgboost", "xgboost"),
          Map.entry("py-xgboost-cpu", "xgboost"),
          Map.entry("py-xgboost-gpu", "xgboost"),
          Map.entry("py-lightgbm", "lightgbm"),
          Map.entry("matplotlib-base", "matplotlib"),
          Map.entry("seaborn-base", "seaborn"),
          Map.entry("pytables", "tables"),
          Map.entry("msgpack-python", "msgpack"),
          Map.entry("dask-core", "dask"),
          Map.entry("ray-core", "ray"),
          Map.entry("ray-default", "ray[default]"),
          Map.entry("ray-tune", "ray[tune]"),
          Map.entry("python-graphviz", "graphviz"),
          Map.entry("python-duckdb", "duckdb"),
          Map.entry("python-kaleido", "kaleido"),
          Map.entry("faiss", "faiss-cpu"),
          Map.entry("pyqt", "PyQt5"),
          Map.entry("ruamel_yaml", "ruamel.yaml"));

  private static final Set<String> ONLY_CONDA =
      Set.of(
          "blas",
          "blosc",
          "bzip2",
          "c-ares",
          "c-compiler",
          "ca-certificates",
          "compilers",
          "conda",
          "cpuonly",
          "cuda",
          "cuda-toolkit",
          "cuda-version",
          "cudatoolkit",
          "cudnn",
          "curl",
          "cxx-compiler",
          "expat",
          "ffmpeg",
          "fontconfig",
          "freetype",
          "gcc",
          "geos",
          "gfortran",
          "git",
          "glib",
          "graphviz",
          "gxx",
          "hdf5",
          "icu",
          "intel-openmp",
          "jpeg",
          "krb5",
          "lcms2",
          "ld_impl_linux-64",
          "lerc",
          "llvm-openmp",
          "lz4-c",
          "magma",
          "make",
          "mkl",
          "mkl-service",
          "mkl_fft",
          "mkl_random",
          "nccl",
          "ncurses",
          "nodejs",
          "nomkl",
          "openblas",
          "openjdk",
          "openjpeg",
          "openmpi",
          "openssl",
          "proj",
          "python_abi",
          "pytorch-cuda",
          "pytorch-mutex",
          "r-base",
          "readline",
          "snappy",
          "sqlite",
          "tbb",
          "tk",
          "tzdata",
          "unixodbc",
          "wget",
          "xz",
          "yaml",
          "zlib",
          "zstd");

  /** These begin with {@code lib} and yet are Python packages. */
  private static final Set<String> PYTHON_DESPITE_LIB =
      Set.of("libcst", "librosa", "libsass", "libclang", "libtmux", "libpysal", "libarchive-c");

  private CondaNames() {}

  /** pip's name; empty when pip has no such package. */
  static Optional<String> pip(String conda) {
    boolean library = conda.startsWith("lib") && !PYTHON_DESPITE_LIB.contains(conda);
    boolean compiler = conda.startsWith("gcc_") || conda.startsWith("gxx_");
    boolean r = conda.startsWith("r-");
    boolean internal = conda.startsWith("_");
    if (library || compiler || r || internal || ONLY_CONDA.contains(conda)) {
      return Optional.empty();
    }
    return Optional.of(PIP_NAME.getOrDefault(conda, conda));
  }
}
